"""What a page is made of: sections of words, figures and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from tessera.report import theme
from tessera.report.drawings import Sparkline


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Parameters
    ----------
    text : str
        What it says.
    note : str, optional
        A quieter second line.
    link : str, optional
        Where the text leads, relative to the page.
    bar : float, optional
        Length of a bar under the text, 0..1 of the column's longest.
    bar_colour : str, optional
        Colour of the bar.
    line : Sparkline, optional
        A small line chart under the text.
    span : tuple of float, optional
        A bar that goes out from the middle of the cell: its end, and the ends of its
        interval, each -1..1.
    tone : str, optional
        ``good`` or ``bad`` for a verdict; the text says it too.
    """

    text: str
    note: str | None = None
    link: str | None = None
    bar: float | None = None
    bar_colour: str = theme.PERSONS
    line: Sparkline | None = None
    span: tuple[float, float, float] | None = None
    tone: str | None = None


@dataclass(frozen=True)
class Table:
    """A table with one row header a row: its first cell.

    Columns named in `numeric` are set to the right; a folded table is opened
    by the reader.
    """

    kind: ClassVar[str] = "table"
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
class Legend:
    """A legend that several charts share."""

    kind: ClassVar[str] = "legend"
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Ramp:
    """The legend of a heat map, from pale to full."""

    lowest: str
    highest: str
    colours: tuple[str, ...] = tuple(theme.HEAT)


@dataclass(frozen=True)
class Figure:
    """A chart that Vega draws. `chart_id` is unique on the page."""

    kind: ClassVar[str] = "figure"
    chart_id: str
    title: str
    caption: str
    spec: dict[str, Any]
    keys: tuple[Key, ...] = ()
    ramp: Ramp | None = None


@dataclass(frozen=True)
class Drawing:
    """A picture that is written into the page as it is; `template` says which."""

    kind: ClassVar[str] = "drawing"
    template: str
    title: str
    caption: str
    description: str
    picture: Any


@dataclass(frozen=True)
class Row:
    """Figures or drawings side by side where there is room."""

    kind: ClassVar[str] = "row"
    blocks: tuple[Figure | Drawing, ...]


@dataclass(frozen=True)
class Fact:
    """A figure of the head: its name, the figure and a quieter word on it."""

    label: str
    figure: str
    note: str | None = None
    link: str | None = None


@dataclass(frozen=True)
class Facts:
    """Figures side by side."""

    kind: ClassVar[str] = "facts"
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Remark:
    """A quiet paragraph; `items` become a list below it."""

    kind: ClassVar[str] = "remark"
    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Persona:
    """The card of a segment: who they are, in words, traits and figures."""

    kind: ClassVar[str] = "persona"
    name: str
    paragraph: str
    traits: tuple[str, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Lookup:
    """A form that tells where somebody would be; `data` is what its script reads."""

    kind: ClassVar[str] = "lookup"
    data: dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A section: what is seen, what to do with it, and the evidence."""

    section_id: str
    title: str
    seen: str
    advice: str = ""
    blocks: tuple[Any, ...] = ()
    is_missing: bool = False

    def figures(self) -> list[Figure]:
        """Give the charts that Vega draws, those side by side too."""
        return [
            block
            for outer in self.blocks
            for block in (outer.blocks if isinstance(outer, Row) else (outer,))
            if isinstance(block, Figure)
        ]


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Parameters
    ----------
    path : str
        File below the language's folder.
    title : str
        Of the window and of the head.
    lead : str
        What the page answers, in a sentence.
    sections : list of Section
        In reading order.
    place : str
        Entry of the menu that the page stands under.
    facts : tuple of Fact
        Figures of the head.
    kicker : str
        What stands above the title.
    """

    path: str
    title: str
    lead: str
    sections: list[Section]
    place: str
    facts: tuple[Fact, ...] = ()
    kicker: str = ""
    kicker_link: str = ""
    specs: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        specs = {
            figure.chart_id: figure.spec
            for section in self.sections
            for figure in section.figures()
        }
        object.__setattr__(self, "specs", specs)

    @property
    def home(self) -> str:
        """The way from the page to its language's folder: ``""`` or ``"../"``."""
        return "../" * self.path.count("/")


def missing(section_id: str, title: str, what: str) -> Section:
    """Build a section that has nothing to show, and says what it lacks."""
    return Section(section_id, title, seen=what, is_missing=True)
