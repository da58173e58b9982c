"""Folders of the lake: ``<source>/<table>/loaded_on=YYYY-MM-DD/*.parquet``."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb

from tessera.lake.contracts import PROVENANCE, Contract

# The partition of the empty files: before anything that was really loaded.
EMPTY_PARTITION = date(1970, 1, 1)


def partition_folder(lake: Path, contract: Contract, loaded_on: date) -> Path:
    """Folder of one table and one day of loading."""
    return lake / contract.source / contract.table / f"loaded_on={loaded_on}"


def initialise_lake(lake: Path, contracts: dict[str, Contract]) -> int:
    """Write an empty, typed Parquet file for every table.

    A source that a company lacks is then an empty table, and everything builds.
    Writing again brings the empty files up to date with the contracts; data stays.

    Parameters
    ----------
    lake : Path
        Root of the lake, made if it is not there.
    contracts : dict of str to Contract
        The tables to lay out.

    Returns
    -------
    int
        Number of tables.
    """
    with duckdb.connect() as connection:
        for contract in contracts.values():
            columns = ", ".join(
                f'cast(null as {column.data_type}) as "{column.name}"'
                for column in (*contract.columns, *PROVENANCE)
            )
            target = partition_folder(lake, contract, EMPTY_PARTITION)
            write_parquet(
                connection, f"select {columns} where false", target / "empty.parquet"
            )
    return len(contracts)


def write_parquet(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    """Write a query's rows as Parquet, wholly or not at all.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Where the query runs.
    query : str
        A select statement.
    path : Path
        The file; its folder is made. A reader sees the old file or the new one,
        never half of it: a killed run leaves only a hidden temporary file, which no
        reader matches.

    Returns
    -------
    int
        Rows written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        (rows,) = connection.execute(
            f"copy ({query}) to '{quote_text(temporary)}' "
            "(format parquet, compression zstd)"
        ).fetchall()[0]
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return rows


def quote_text(value: object) -> str:
    """Double the quotes of a value that stands in a SQL text literal.

    Examples
    --------
    >>> quote_text("l'export.csv")
    "l''export.csv"
    """
    return str(value).replace("'", "''")
