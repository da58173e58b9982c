"""Mappings: which column or expression of an export fills which contract column.

A mapping file names its inputs and, for each table of the lake, an expression a
column::

    inputs:
      answers: "survey-*.csv"
    tables:
      survey.responses:
        from: answers
        columns: {response_id: '"Respondent ID"', ...}

An export whose rows are not yet the rows of a table is reshaped first. Its input then
has entries instead of a pattern::

    inputs:
      answers:
        files: "survey-*.csv"
        optional: [Email Address]
        sql: >
          select * replace (source_row * 1000 + question_number as source_row)
          from (unpivot export on ... into name question value answer)

``sql`` is a select over the table ``export``, which holds the file's columns,
``source_row`` (the row, counted from 1 below the header) and ``source_file`` (the
name of the file); the tables are filled from its rows. Where it makes several rows of
one, it numbers them apart, because load and row number are a row's address: row x
1000 + position still says which row of the file it was. ``optional`` lists columns
that only some exports have; where the file has none, they are null.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from zoneinfo import available_timezones

import duckdb
import yaml

from tessera.errors import TesseraError
from tessera.lake.contracts import Contract

# The input of a mapping that names none: every file given belongs to it.
ONLY_INPUT = "export"


@dataclass(frozen=True)
class Input:
    """A kind of file that a mapping reads.

    Parameters
    ----------
    files : str
        Pattern of the file names.
    sql : str, optional
        Select over the table ``export`` whose rows stand in for the file's.
    optional : tuple of str
        Columns that are null where the file lacks them.
    """

    files: str
    sql: str | None = None
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class ColumnMapping:
    """How one column of a contract is filled.

    Parameters
    ----------
    expression : str
        A column of the export, or a SQL expression over its columns.
    format : str, optional
        ``strptime`` pattern of a date or time written as text.
    time_zone : str, optional
        Zone that the export's times are in; default UTC.
    decimal : str, optional
        Decimal mark of an amount written as text, ``.`` (default) or ``,``.
    """

    expression: str
    format: str | None = None
    time_zone: str | None = None
    decimal: str | None = None


@dataclass(frozen=True)
class TableMapping:
    """How one table of the lake is filled.

    Parameters
    ----------
    contract : Contract
        The table.
    input_name : str
        The input that feeds it.
    columns : dict of str to ColumnMapping
        By contract column.
    where : str, optional
        SQL condition that the export's rows must meet to belong to this table.
    one_row_per : tuple of str
        Expressions to group by; empty when each row of the export is one row.
    """

    contract: Contract
    input_name: str
    columns: dict[str, ColumnMapping]
    where: str | None = None
    one_row_per: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A mapping file.

    Parameters
    ----------
    path : Path
        The YAML file.
    inputs : dict of str to Input
        By name.
    tables : tuple of TableMapping
        In the order of the file.
    """

    path: Path
    inputs: dict[str, Input] = field(default_factory=dict)
    tables: tuple[TableMapping, ...] = ()

    def input_of(self, export: Path) -> str:
        """Name the input that a file belongs to.

        Raises
        ------
        TesseraError
            If the file's name matches none of the patterns.
        """
        for name, kind in self.inputs.items():
            if fnmatch(export.name, kind.files):
                return name
        patterns = ", ".join(kind.files for kind in self.inputs.values())
        raise TesseraError(
            f"{export.name}: {self.path.name} expects files named {patterns}. "
            "Rename the file, or change `inputs`."
        )


def read_mapping(path: Path, contracts: dict[str, Contract]) -> Mapping:
    """Read and check a mapping file.

    Parameters
    ----------
    path : Path
        The YAML file.
    contracts : dict of str to Contract
        The tables that a mapping may fill.

    Returns
    -------
    Mapping
        Its tables name only known tables, columns and inputs, and fill every
        required column.

    Raises
    ------
    TesseraError
        If the file is not such a mapping; the message names the entry.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TesseraError(f"{path}: there is no such mapping file.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TesseraError(f"{path.name}: this is not YAML: {error}") from error
    tables = content.get("tables") if isinstance(content, dict) else None
    if not isinstance(tables, dict) or not tables:
        raise TesseraError(
            f"{path.name}: a mapping has an entry `tables`, with one entry a table."
        )
    inputs = content.get("inputs") or {ONLY_INPUT: "*"}
    if not isinstance(inputs, dict):
        raise TesseraError(
            f"{path.name}: `inputs` gives each input a name and a pattern of files."
        )
    inputs = {
        name: _read_input(f"{path.name}: inputs.{name}", entry)
        for name, entry in inputs.items()
    }
    return Mapping(
        path=path,
        inputs=inputs,
        tables=tuple(
            _read_table(f"{path.name}: {name}", entry or {}, inputs, contracts, name)
            for name, entry in content["tables"].items()
        ),
    )


def _read_input(place: str, entry: object) -> Input:
    """Read the entry of one input: a pattern, or a pattern with its reshaping."""
    if isinstance(entry, str):
        return Input(entry)
    parts = entry if isinstance(entry, dict) else {}
    optional = parts.get("optional") or []
    is_well_formed = (
        set(parts) <= {"files", "sql", "optional"}
        and isinstance(parts.get("files"), str)
        and isinstance(parts.get("sql", ""), str)
        and isinstance(optional, list)
    )
    if not is_well_formed:
        raise TesseraError(
            f"{place}: write a pattern of file names, or `files` with any of `sql` "
            "(a select over the table export) and `optional` (a list of columns)."
        )
    sql = parts.get("sql", "").strip().removesuffix(";")
    return Input(parts["files"], sql or None, tuple(map(str, optional)))


def _read_table(
    place: str, entry: dict, inputs: dict, contracts: dict[str, Contract], name: str
) -> TableMapping:
    """Read the entry of one table; `place` opens the messages of its errors."""
    contract = contracts.get(name)
    if contract is None:
        raise TesseraError(f"{place}: no such table; there are {', '.join(contracts)}.")
    if not isinstance(entry, dict) or not isinstance(entry.get("columns") or {}, dict):
        raise TesseraError(
            f"{place}: `columns` gives each column of the contract an expression."
        )
    unknown = set(entry) - {"from", "columns", "where", "one_row_per"}
    if unknown:
        raise TesseraError(
            f"{place}: unknown entry {', '.join(sorted(unknown))}; "
            "there are from, columns, where, one_row_per."
        )
    input_name = entry.get("from", next(iter(inputs)) if len(inputs) == 1 else None)
    if input_name not in inputs:
        raise TesseraError(
            f"{place}: `from` should name an input, one of {', '.join(inputs)}."
        )
    columns = {
        column: _read_column(f"{place}.{column}", value, contract, column)
        for column, value in (entry.get("columns") or {}).items()
    }
    missing = [
        column.name
        for column in contract.columns
        if column.required and column.name not in columns
    ]
    if missing:
        raise TesseraError(
            f"{place}: required columns not filled: {', '.join(missing)}."
        )
    return TableMapping(
        contract=contract,
        input_name=input_name,
        columns=columns,
        where=entry.get("where"),
        one_row_per=tuple(str(part) for part in entry.get("one_row_per") or ()),
    )


def _read_column(
    place: str, value: object, contract: Contract, name: str
) -> ColumnMapping:
    """Read the entry of one column: an expression, or a column with its format."""
    if contract.column(name) is None:
        raise TesseraError(
            f"{place}: the contract has no such column; it has "
            f"{', '.join(column.name for column in contract.columns)}."
        )
    if not isinstance(value, dict):
        return ColumnMapping(expression=str(value).strip())
    unknown = set(value) - {"column", "format", "time_zone", "decimal"}
    if unknown or "column" not in value:
        raise TesseraError(
            f"{place}: write an expression, or `column` with any of format, "
            "time_zone, decimal."
        )
    if value.get("decimal", ".") not in (".", ","):
        raise TesseraError(f"{place}: `decimal` should be . or , (quoted).")
    zone = value.get("time_zone")
    if zone is not None and zone not in available_timezones():
        raise TesseraError(f"{place}: there is no time zone {zone}.")
    try:
        duckdb.execute(
            "select try_strptime('', ?)", [value.get("format") or "%Y"]
        ).fetchall()
    except duckdb.Error as error:
        raise TesseraError(f"{place}: `format`: {error}") from error
    return ColumnMapping(
        expression=str(value["column"]).strip(),
        format=value.get("format"),
        time_zone=value.get("time_zone"),
        decimal=value.get("decimal"),
    )
