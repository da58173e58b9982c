"""What changes from night to night, as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from tessera.report import theme
from tessera.report.blocks import Cell, Drawing, Table
from tessera.report.drawings import Sparkline, Trend, line_path
from tessera.report.edition import Edition


def nightly_sizes(edition: Edition, segmentation: str, key: str) -> pd.DataFrame:
    """Give a segment's sizes by night."""
    sizes = edition.marts.sizes
    return sizes.loc[
        (sizes["segmentation"] == segmentation) & (sizes["segment_key"] == key)
    ]


def segment_line(edition: Edition, segmentation: str, key: str) -> Sparkline | None:
    """Draw a segment's persons by night; None while there is one night only."""
    sizes = nightly_sizes(edition, segmentation, key)
    if len(sizes) < 2:
        return None
    counts = sizes["person_count"].tolist()
    return Sparkline(
        line_path(counts, from_zero=True, at=_days(sizes["as_of_date"])),
        edition.say(
            "from {first} to {last} persons",
            first=edition.say.whole(counts[0]),
            last=edition.say.whole(counts[-1]),
        ),
    )


def sizes_trend(
    edition: Edition,
    sizes: pd.DataFrame,
    column: str,
    title: str,
    colour: str,
    write: Callable[[Any], str],
) -> Drawing:
    """Draw a figure of one segment by night."""
    return _trend(edition, sizes["as_of_date"], sizes[column], title, colour, write)


def rates_trend(edition: Edition, segmentation: str) -> tuple[Drawing | Table, ...]:
    """Draw which share of persons moved, by night; nothing before the third night."""
    say = edition.say
    rates = edition.marts.movement_rates
    rates = rates.loc[
        (rates["segmentation"] == segmentation) & (rates["person_count"] > 0)
    ]
    if len(rates) < 2:
        return ()
    rates = rates.assign(rate=rates["moved_count"] / rates["person_count"])
    columns = (
        say("Night"),
        say("Persons"),
        say("Moved"),
        say("of them from one segment to another"),
        say("Movement rate"),
    )
    return (
        _trend(
            edition,
            rates["as_of_date"],
            rates["rate"],
            say("Movement rate"),
            theme.PERSONS,
            say.percent,
            say(
                "Share of persons who moved since the night before, those who are new "
                "or gone among them. The bottom is zero."
            ),
        ),
        Table(
            say("Movement of all nights in figures"),
            columns,
            frozenset(columns[1:]),
            [
                (
                    Cell(say.day(night.as_of_date)),
                    Cell(say.whole(night.person_count)),
                    Cell(say.whole(night.moved_count)),
                    Cell(say.whole(night.changed_count)),
                    Cell(say.percent(night.rate)),
                )
                for night in rates[::-1].itertuples()
            ],
            is_folded=True,
        ),
    )


def _trend(
    edition: Edition,
    nights: pd.Series,
    figures: pd.Series,
    title: str,
    colour: str,
    write: Callable[[Any], str],
    caption: str | None = None,
) -> Drawing:
    say = edition.say
    values = figures.fillna(0).astype(float).tolist()
    path = line_path(values, from_zero=True, at=_days(nights))
    description = say(
        "Line of {measure} by night, from {first} to {last}; the highest is {highest}.",
        measure=title,
        first=write(values[0]),
        last=write(values[-1]),
        highest=write(max(values)),
    )
    return Drawing(
        "trend",
        title,
        say("The bottom is zero.") if caption is None else caption,
        description,
        Trend(
            Sparkline(path, description),
            f"{path}V100H0Z",
            write(max(values)),
            write(0),
            say.short_day(nights.iloc[0]),
            say.short_day(nights.iloc[-1]),
            colour,
        ),
    )


def _days(nights: pd.Series) -> Sequence[float]:
    """Give where nights lie, in days: a night that was not built leaves its gap."""
    days = pd.to_datetime(nights)
    return (days - days.iloc[0]).dt.days.tolist()
