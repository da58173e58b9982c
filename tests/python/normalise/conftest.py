"""The macros rendered without dbt, and run on a whole table of values at once."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import jinja2
import pyarrow as pa
import pytest

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden"


class MacroError(Exception):
    """What a macro raises through dbt's `exceptions`."""


class _Exceptions:
    """The one function of dbt's `exceptions` that macros call."""

    @staticmethod
    def raise_compiler_error(message: str) -> None:
        raise MacroError(message)


class Macros:
    """The project's expression macros, on a DuckDB of their own."""

    def __init__(self) -> None:
        environment = jinja2.Environment(extensions=["jinja2.ext.do"])
        environment.globals |= {
            "exceptions": _Exceptions,
            "var": lambda name, default=None: default,
        }
        files = (
            path
            for folder in ("engine", "normalise")
            for path in sorted((ROOT / "macros" / folder).glob("*.sql"))
        )
        # As in dbt, macros of all files see each other: one template for all.
        text = "\n".join(path.read_text(encoding="utf-8") for path in files)
        self.module = environment.from_string(text).module
        self.connection = duckdb.connect(config={"threads": 2})
        self.connection.execute("set TimeZone = 'UTC'")

    def sql(self, name: str, *columns: str, **constants: object) -> str:
        """Render one macro; `columns` are SQL, `constants` its other arguments."""
        return getattr(self.module, name)(*columns, **constants)

    def map(
        self, name: str, *columns: Sequence[object], **constants: object
    ) -> list[object]:
        """Run one macro over rows of arguments, in their order."""
        names = [f"argument_{number}" for number in range(len(columns))]
        arrays = [
            column if isinstance(column, pa.Array) else _array(column)
            for column in columns
        ]
        table = pa.table([pa.array(range(len(arrays[0]))), *arrays], ["place", *names])
        self.connection.register("given", table)
        expression = self.sql(name, *names, **constants)
        answer = self.connection.execute(
            f"select ({expression}) as answer from given order by place"
        ).fetchall()
        return [value for (value,) in answer]

    def value(self, name: str, *arguments: object, **constants: object) -> object:
        """Run one macro over one row."""
        (answer,) = self.map(name, *([argument] for argument in arguments), **constants)
        return answer


def _array(values: Sequence[object]) -> pa.Array:
    """Give a column that is all null the type of text."""
    array = pa.array(list(values))
    return array.cast(pa.string()) if pa.types.is_null(array.type) else array


@pytest.fixture(scope="session")
def macros() -> Macros:
    return Macros()


@pytest.fixture(scope="session")
def macro_error() -> type[Exception]:
    return MacroError


@pytest.fixture(scope="session")
def vocabulary() -> Callable[[str], dict[str, str]]:
    """Read a vocabulary, spelling to code; a spelling that stands twice is an error."""

    def read(name: str) -> dict[str, str]:
        path = ROOT / "seeds" / "vocabularies" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
        codes = dict(rows)
        assert len(codes) == len(rows)
        return codes

    return read


@pytest.fixture(scope="session")
def golden() -> Callable[[str], list[dict[str, str | None]]]:
    r"""Read a golden table; a blank cell is null, `\u` escapes stand for characters."""

    def read(name: str) -> list[dict[str, str | None]]:
        with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return [
                {column: _cell(text) for column, text in row.items()}
                for row in csv.DictReader(file)
            ]

    return read


def _cell(text: str) -> str | None:
    if "\\u" in text:
        text = text.encode("ascii", "backslashreplace").decode("unicode-escape")
    return text or None
