"""The contracts of the lake's tables, read from the sources' YAML."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from tessera.errors import TesseraError


@dataclass(frozen=True)
class Column:
    """One column of a contract.

    Parameters
    ----------
    name, data_type : str
        Name, and type as DuckDB writes it.
    required : bool
        Whether a row without a value is quarantined.
    key : bool
        Whether the column is part of the row's key.
    direct_identifier : bool
        Whether the value names a person, and so stays out of marts and logs.
    """

    name: str
    data_type: str
    required: bool = False
    key: bool = False
    direct_identifier: bool = False


@dataclass(frozen=True)
class Contract:
    """What a table of the lake holds.

    Parameters
    ----------
    source, table : str
        Names of the dbt source and of its table.
    columns : tuple of Column
        In the order of the YAML.
    """

    source: str
    table: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """Name as mappings write it, ``source.table``."""
        return f"{self.source}.{self.table}"

    def column(self, name: str) -> Column | None:
        """Return the column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


# Where a row came from. Every table of the lake carries the two columns, so that a
# quarantined row can be found again in the file that brought it.
PROVENANCE = (Column("source_file", "varchar"), Column("source_row", "bigint"))


def read_contracts(root: Path) -> dict[str, Contract]:
    """Read every contract of the project.

    Parameters
    ----------
    root : Path
        Folder of the dbt project.

    Returns
    -------
    dict of str to Contract
        Keyed by ``source.table``, in alphabetical order of the files.

    Raises
    ------
    TesseraError
        If a column has no ``data_type``, or a table is declared twice.
    """
    contracts: dict[str, Contract] = {}
    for path in sorted((root / "models").rglob("_*__sources.yml")):
        for source in yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]:
            for table in source["tables"]:
                contract = Contract(
                    source=source["name"],
                    table=table["name"],
                    columns=tuple(
                        _read_column(column, path) for column in table["columns"]
                    ),
                )
                if contract.name in contracts:
                    raise TesseraError(f"{path.name}: {contract.name} stands twice.")
                contracts[contract.name] = contract
    return contracts


def _read_column(column: dict, path: Path) -> Column:
    """Read one column of a source's YAML."""
    if "data_type" not in column:
        raise TesseraError(f"{path.name}: column {column['name']} has no data_type.")
    meta = column.get("config", {}).get("meta", {})
    return Column(
        name=column["name"],
        data_type=column["data_type"],
        required=meta.get("required", False),
        key=meta.get("key", False),
        direct_identifier=meta.get("direct_identifier", False),
    )
