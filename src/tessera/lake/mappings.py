"""Mappings: which column or expression of an export fills which contract column."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import yaml

from tessera.errors import TesseraError
from tessera.lake.contracts import Contract

# The input of a mapping that names none: every file given belongs to it.
ONLY_INPUT = "export"


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
    inputs : dict of str to str
        Pattern of the file names of each input.
    tables : tuple of TableMapping
        In the order of the file.
    """

    path: Path
    inputs: dict[str, str] = field(default_factory=dict)
    tables: tuple[TableMapping, ...] = ()

    def input_of(self, export: Path) -> str:
        """Name the input that a file belongs to.

        Raises
        ------
        TesseraError
            If the file's name matches none of the patterns.
        """
        for name, pattern in self.inputs.items():
            if fnmatch(export.name, pattern):
                return name
        raise TesseraError(
            f"{export.name}: {self.path.name} expects files named "
            f"{', '.join(self.inputs.values())}. Rename the file, or change `inputs`."
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
    if not isinstance(content, dict) or not isinstance(content.get("tables"), dict):
        raise TesseraError(
            f"{path.name}: a mapping has an entry `tables`, with one entry a table."
        )
    inputs = content.get("inputs") or {ONLY_INPUT: "*"}
    return Mapping(
        path=path,
        inputs=inputs,
        tables=tuple(
            _read_table(f"{path.name}: {name}", entry or {}, inputs, contracts, name)
            for name, entry in content["tables"].items()
        ),
    )


def _read_table(
    place: str, entry: dict, inputs: dict, contracts: dict[str, Contract], name: str
) -> TableMapping:
    """Read the entry of one table; `place` opens the messages of its errors."""
    contract = contracts.get(name)
    if contract is None:
        raise TesseraError(f"{place}: no such table; there are {', '.join(contracts)}.")
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
    return ColumnMapping(
        expression=str(value["column"]).strip(),
        format=value.get("format"),
        time_zone=value.get("time_zone"),
        decimal=value.get("decimal"),
    )
