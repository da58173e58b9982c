"""What a page is made of: sections of words, figures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tessera.report import theme


@dataclass(frozen=True)
class Cell:
    """A cell of a table, with a quieter second line."""

    text: str
    note: str | None = None


@dataclass(frozen=True)
class Table:
    """A table with one row header a row: its first cell.

    Columns named in `numeric` are set to the right; a folded table is opened
    by the reader.
    """

    caption: str
    columns: tuple[str, ...]
    numeric: frozenset[str]
    rows: list[tuple[Cell, ...]]
    is_folded: bool = False


@dataclass(frozen=True)
class Key:
    """An entry of a legend; without a symbol path it is a bar's swatch."""

    label: str
    colour: str
    symbol: str = theme.SYMBOLS[1]
    number: int | None = None


@dataclass(frozen=True)
class Ramp:
    """The legend of a heat map, from pale to full."""

    lowest: str
    highest: str
    colours: tuple[str, ...] = tuple(theme.HEAT)


@dataclass(frozen=True)
class Figure:
    """A chart with its caption and legend. `chart_id` is unique on the page."""

    chart_id: str
    title: str
    caption: str
    spec: dict[str, Any]
    keys: tuple[Key, ...] = ()
    ramp: Ramp | None = None


@dataclass(frozen=True)
class Section:
    """A section: what is seen, what to do with it, and the figures behind it."""

    section_id: str
    title: str
    seen: str
    advice: str = ""
    figures: tuple[Figure, ...] = ()
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    is_missing: bool = False


def missing(section_id: str, title: str, what: str) -> Section:
    """Build a section that has nothing to show, and says what it lacks."""
    return Section(section_id, title, seen=what, is_missing=True)
