"""The marts in one language: names, links and colours that all pages share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from tessera.names import slug
from tessera.report import theme
from tessera.report.drawings import End
from tessera.report.language import Language, is_missing
from tessera.report.read import Marts
from tessera.report.reasons import Reasons

NIGHT, MONTH = "last_night", "last_30_days"
# Of a cluster, in place of a sentence of its own.
TOLD_TRAITS = 2


@dataclass(frozen=True)
class Edition:
    """What a page is written from.

    Parameters
    ----------
    marts : Marts
        The figures.
    say : Language
        The words.
    """

    marts: Marts
    say: Language

    @cached_property
    def segmentations(self) -> list[str]:
        """Ways of dividing that have segments, the ones most used first."""
        return self.marts.segments["segmentation"].unique().tolist()

    @cached_property
    def partitions(self) -> list[str]:
        """Ways of dividing that put everybody in one segment."""
        segments = self.marts.segments
        return (
            segments.loc[segments["kind"] == "partition", "segmentation"]
            .unique()
            .tolist()
        )

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        """Name of every segment in the language, by segmentation and key."""
        return {
            (row.segmentation, row.segment_key): self._name(row)
            for row in self.marts.segments.itertuples()
        }

    @cached_property
    def currency(self) -> str | None:
        """Give the reporting currency, None where the file does not tell it."""
        told = self.marts.segments["currency_code"].dropna()
        return None if told.empty else str(told.iloc[0])

    def amount(self, value: float | None) -> str:
        """Write an amount in the reporting currency."""
        return self.say.amount(value, self.currency)

    @cached_property
    def reason(self) -> Reasons:
        """Give what tells the warehouse's reasons in the language."""
        return Reasons(self.say, {key: name for (_, key), name in self.names.items()})

    @cached_property
    def paths(self) -> dict[tuple[str, str], str]:
        """File of every segment's page, below the folder of the language."""
        paths: dict[tuple[str, str], str] = {}
        taken: set[str] = set()
        for segmentation, key in self.names:
            name = slug(key)
            if not name.startswith(slug(segmentation)):
                name = f"{slug(segmentation)}-{name}"
            unique, number = name, 1
            while unique in taken:
                number += 1
                unique = f"{name}-{number}"
            taken.add(unique)
            paths[segmentation, key] = f"segments/{unique}.html"
        return paths

    def segments_of(self, segmentation: str) -> pd.DataFrame:
        """Give the segments of one way of dividing, the largest first."""
        segments = self.marts.segments
        return segments.loc[segments["segmentation"] == segmentation]

    def title_of(self, segmentation: str) -> str:
        """Name a way of dividing.

        Unknown ones are written as they are, in words.
        """
        say = self.say
        titles = {
            "rfm": say("RFM"),
            "behaviour": say("Behaviour"),
            "lifecycle": say("Lifecycle"),
            "value": say("Value"),
            "geography": say("Geography"),
            "context": say("Context"),
            "demographics": say("Demographics"),
            "psychographics": say("Psychographics"),
            "combinations": say("Combinations"),
        }
        return titles.get(segmentation) or say.words(segmentation)

    def purpose_of(self, segmentation: str) -> str:
        """Say what a way of dividing divides by; empty where it is not known."""
        say = self.say
        purposes = {
            "rfm": say("By how recently, how often and for how much people buy."),
            "behaviour": say("Clusters of buyers whose behaviour is alike."),
            "lifecycle": say(
                "Where people stand as customers, by their own rhythm of buying."
            ),
            "value": say("By who makes the revenue."),
            "geography": say("By where people live."),
            "context": say("By when and where people shop."),
            "demographics": say("By age and household."),
            "psychographics": say(
                "By what people look for, compared with everybody else."
            ),
            "combinations": say("By several criteria at once."),
        }
        return purposes.get(segmentation, "")

    def name_of(self, segmentation: str, key: str | None, nobody: str = "") -> str:
        """Name a segment.

        A key that is no segment any more names itself; without a key it is `nobody`,
        who was not there yet or is gone.
        """
        if is_missing(key):
            return nobody or self.say("nowhere")
        return self.names.get((segmentation, key), str(key))

    def description_of(self, row: Any) -> str:
        """Describe a segment of `marts.segments` in the language.

        A cluster is what sets it apart; other segments have a sentence of their own.
        """
        traits = row.traits_fr if self.say.code == "fr" else row.traits_en
        if row.segmentation == "behaviour" and isinstance(traits, np.ndarray):
            return "".join(f"{trait}. " for trait in traits[:TOLD_TRAITS]).strip()
        if self.say.code == "fr" and not is_missing(row.description_fr):
            return row.description_fr
        return self.say.data(row.description)

    def link_to(self, segmentation: str, key: str | None, home: str) -> str | None:
        """Give the way to a segment's page, None when it has none."""
        path = self.paths.get((segmentation, key)) if not is_missing(key) else None
        return None if path is None else home + path

    def colour_of(self, segmentation: str, key: str | None) -> str:
        """Give a segment its colour, the same on every page."""
        keys = sorted(
            other for other_name, other in self.names if other_name == segmentation
        )
        if key not in keys:
            return theme.MUTED
        return theme.series_style(keys.index(key) + 1)[0]

    def end_of(
        self, segmentation: str, key: str | None, home: str, *, is_start: bool
    ) -> End:
        """Make a segment an end of flows, the start or the goal."""
        nobody = self.say("New here") if is_start else self.say("Gone")
        return End(
            self.name_of(segmentation, key, nobody),
            self.colour_of(segmentation, key),
            self.link_to(segmentation, key, home),
        )

    def moves_of(self, segmentation: str, period: str) -> pd.DataFrame:
        """Give who went from one segment to another within a period."""
        moves = self.marts.migrations
        moves = moves.loc[
            (moves["segmentation"] == segmentation)
            & (moves["window_name"] == period)
            & (moves["person_count"] > 0)
        ]
        start, goal = (
            moves["from_segment_key"].fillna(""),
            moves["to_segment_key"].fillna(""),
        )
        return moves.loc[start != goal]

    def lacking(self, tables: Sequence[str]) -> str:
        """Say why there is nothing to show: marts that are absent, or empty."""
        named = [f"marts.{table}" for table in tables]
        if all(table in self.marts.absent for table in tables):
            return self.say(
                "Not in this file: {tables}. A later build brings it.",
                tables=self.say.listing(named),
            )
        return self.say("{tables} is still empty.", tables=self.say.listing(named))

    def _name(self, row: Any) -> str:
        say = self.say
        if say.code == "fr" and not is_missing(row.segment_name_fr):
            return row.segment_name_fr
        whole = say.data(row.segment_name)
        if whole != row.segment_name or say.code == "en":
            return whole
        # A cluster is named after its traits: "Shops often, big baskets".
        parts = str(row.segment_name).split(", ")
        told = [say.data(part[:1].upper() + part[1:]) for part in parts]
        if len(parts) > 1 and any(
            word.lower() != part.lower() for word, part in zip(told, parts, strict=True)
        ):
            first, *others = told
            return ", ".join([first, *(word[:1].lower() + word[1:] for word in others)])
        return whole
