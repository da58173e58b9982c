"""Tables for the terminal, drawn by rich; plain lines where it is no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from tessera.person import Explanation
from tessera.segments import Segment

PLAIN_WIDTH = 110
LEAST_BAR = 1
BAR_LENGTH = 24


def show(renderable: RenderableType, console: Console | None = None) -> None:
    """Print to the terminal, or as wide as a reader of a log wants it."""
    console = console or Console(highlight=False)
    if not console.is_terminal:
        console = Console(file=console.file, width=PLAIN_WIDTH, highlight=False)
    console.print(renderable)


def segments_table(segments: Sequence[Segment]) -> RenderableType:
    """Lay out segments, a table per way of dividing.

    Parameters
    ----------
    segments : sequence of Segment
        Sorted by segmentation.

    Returns
    -------
    RenderableType
        A sentence when there are no segments.
    """
    if not segments:
        return Text("No segments: the lake holds no person yet.")
    tables = []
    for segmentation, members in groupby(segments, lambda one: one.segmentation):
        table = _table(
            segmentation,
            ("segment", "persons", "% persons", "% revenue", "stability", "revenue"),
            left={0, 5},
        )
        listed = list(members)
        most = max(one.revenue_share or 0 for one in listed) or 1
        for one in listed:
            length = round(BAR_LENGTH * (one.revenue_share or 0) / most)
            table.add_row(
                one.name,
                f"{one.person_count:,}",
                f"{100 * one.person_share:.1f}",
                "" if one.revenue_share is None else f"{100 * one.revenue_share:.1f}",
                "" if one.stability is None else f"{one.stability:.2f}",
                "█" * max(length, LEAST_BAR) if one.revenue_share else "",
            )
        tables.append(table)
    return Group(*tables)


def explanation_tables(explained: Explanation) -> RenderableType:
    """Lay out why a person is where she is."""
    parts: list[RenderableType] = [
        Text(f"Person {explained.person_key}, as of {explained.as_of_date}", "bold"),
        _filled(
            "Tonight's segments, and why",
            ("by", "segment", "since", "probability", "because"),
            (
                (
                    one.segmentation,
                    one.segment_name,
                    str(one.entered_on),
                    f"{one.probability:.2f}",
                    one.reason,
                )
                for one in explained.memberships
            ),
            left={0, 1, 2, 4},
        ),
    ]
    if explained.tags:
        parts.append(Text("Also in: " + ", ".join(explained.tags) + "\n"))
    parts.append(
        _filled(
            "Scores, and the edges they are read off",
            ("score", "points", "value", "more than", "at most"),
            (
                (
                    _words(one.score),
                    str(one.points),
                    _figure(one.value),
                    _figure(one.above),
                    _figure(one.up_to),
                )
                for one in explained.scores
            ),
            left={0},
        )
    )
    if explained.alternatives:
        parts.append(
            _filled(
                "Behaviour segments, the nearest first",
                ("segment", "probability", "distance"),
                (
                    (
                        one.segment_name,
                        f"{one.probability:.3f}",
                        f"{one.distance:.2f}",
                    )
                    for one in explained.alternatives
                ),
                left={0},
            )
        )
    if explained.features:
        parts.append(
            _filled(
                "What is least usual about her",
                ("feature", "value", "standard deviations from the mean"),
                (
                    (
                        _words(one.label),
                        _measured(one.value, one.unit),
                        f"{one.deviation:+.2f}",
                    )
                    for one in explained.features
                ),
                left={0},
            )
        )
    if explained.moves:
        parts.append(
            _filled(
                "Moves, the latest first",
                ("night", "by", "from", "to", "cause"),
                (
                    (
                        str(one.moved_on),
                        one.segmentation,
                        one.from_name or "(new)",
                        one.to_name or "(gone)",
                        _cause(one.cause, one.shares),
                    )
                    for one in explained.moves
                ),
                left={0, 1, 2, 3, 4},
            )
        )
    elif explained.history:
        parts.append(
            _filled(
                "History",
                ("by", "segment", "from", "until"),
                (
                    (
                        one.segmentation,
                        one.segment_name,
                        str(one.valid_from),
                        str(one.valid_to or "now"),
                    )
                    for one in explained.history
                ),
                left={0, 1, 2, 3},
            )
        )
    return Group(*parts)


def _table(title: str, columns: Sequence[str], left: set[int]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place in left else "right")
    return table


def _filled(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    left: set[int],
) -> Table:
    table = _table(title, columns, left)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _words(name: str) -> str:
    return name.replace("_", " ")


def _figure(value: float | None) -> str:
    """Write a figure with at most two decimals; nothing where there is none.

    >>> _figure(1234.5), _figure(3.0), _figure(None)
    ('1,234.5', '3', '')
    """
    if value is None:
        return ""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def _measured(value: float | None, unit: str | None) -> str:
    """Write a figure with its unit, where the unit says something.

    >>> _measured(12.5, "days"), _measured(0.25, "share"), _measured(None, "days")
    ('12.5 days', '25 %', 'unknown')
    >>> _measured(0.5, "root of share"), _measured(1.63, "nats")
    ('25 %', '1.63')
    """
    if value is None:
        return "unknown"
    if unit in ("share", "root of share"):
        share = value if unit == "share" else value**2
        return f"{_figure(100 * share)} %"
    if unit in (None, "ratio", "nats", "levels"):
        return _figure(value)
    return f"{_figure(value)} {unit}"


def _cause(cause: str, shares: dict[str, float]) -> str:
    """Name the cause, with the others that had a part.

    >>> _cause("behaviour", {"behaviour": 0.75, "threshold": 0.25, "model": 0.0})
    'behaviour (75 %), threshold (25 %)'
    """
    parts = sorted(
        ((share, name) for name, share in shares.items() if share), reverse=True
    )
    if len(parts) < 2:
        return cause
    return ", ".join(f"{name} ({100 * share:.0f} %)" for share, name in parts)
