"""The files of one publication: a DuckDB file and a Parquet file per mart."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.publish.gates import Build
from tessera.warehouse import sql_text

# The oldest format that can hold what the marts hold: every DuckDB since 1.0 opens it.
STORAGE_VERSION = "v1.0.0"
DATABASE = "tessera.duckdb"
PARQUET = "parquet"


@dataclass(frozen=True)
class PublishedTable:
    """One mart as it was published.

    Parameters
    ----------
    name : str
        Name of the mart.
    row_count : int
        Rows, the same in the warehouse, the DuckDB file and the Parquet file.
    parquet_sha256 : str
        Checksum of the Parquet file.
    """

    name: str
    row_count: int
    parquet_sha256: str


def write_files(
    connection: duckdb.DuckDBPyConnection,
    build: Build,
    folder: Path,
    report: Callable[[str], None] = lambda name: None,
) -> list[PublishedTable]:
    """Write the marts of the attached ``warehouse`` into a folder.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Has the warehouse attached as ``warehouse``, read-only.
    build : Build
        The build that the warehouse holds.
    folder : Path
        Empty folder to write ``tessera.duckdb`` and ``parquet/`` into.
    report : callable, optional
        Told the name of each mart that is done.

    Returns
    -------
    list of PublishedTable
        By name.

    Raises
    ------
    TesseraError
        If a copy does not hold as many rows as its mart.
    """
    parquet = folder / PARQUET
    parquet.mkdir()
    database = folder / DATABASE
    connection.execute(
        f"attach {sql_text(database)} as published "
        f"(storage_version '{STORAGE_VERSION}')"
    )
    connection.execute("create schema published.marts")
    connection.execute(
        "create table published.main.publication as "
        "select ? as build_id, ?::date as as_of_date",
        [build.build_id, build.as_of_date],
    )
    tables = []
    for name, comment in _marts(connection):
        _copy_table(connection, name, comment)
        file = parquet / f"{name}.parquet"
        connection.execute(
            f"copy warehouse.marts.{name} to {sql_text(file)} (format parquet, "
            f"compression zstd, kv_metadata {{build_id: '{build.build_id}'}})"
        )
        tables.append(
            PublishedTable(name, _checked_rows(connection, name, file), sha256(file))
        )
        report(name)
    connection.execute("detach published")
    return tables


def sha256(file: Path) -> str:
    """Return the checksum of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _marts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str | None]]:
    """Names and comments of the marts, tables and views alike."""
    return connection.execute(
        """
        select table_name, comment from duckdb_tables()
        where database_name = 'warehouse' and schema_name = 'marts'
        union all
        select view_name, comment from duckdb_views()
        where database_name = 'warehouse' and schema_name = 'marts'
        order by all
        """
    ).fetchall()


def _copy_table(
    connection: duckdb.DuckDBPyConnection, name: str, comment: str | None
) -> None:
    """Copy one mart with the descriptions that BI tools show."""
    connection.execute(
        f"create table published.marts.{name} as select * from warehouse.marts.{name}"
    )
    connection.execute(
        f"comment on table published.marts.{name} is {sql_text(comment)}"
    )
    columns = connection.execute(
        """
        select column_name, comment from duckdb_columns()
        where
            database_name = 'warehouse' and schema_name = 'marts' and table_name = ?
            and comment is not null
        order by column_index
        """,
        [name],
    ).fetchall()
    for column, text in columns:
        connection.execute(
            f"comment on column published.marts.{name}.{column} is {sql_text(text)}"
        )


def _checked_rows(connection: duckdb.DuckDBPyConnection, name: str, file: Path) -> int:
    """Rows of a mart, after counting those of its two copies."""
    ((expected, in_database, in_parquet),) = connection.execute(
        f"""
        select
            (select count(*) from warehouse.marts.{name}),
            (select count(*) from published.marts.{name}),
            (select count(*) from read_parquet({sql_text(file)}))
        """
    ).fetchall()
    if not expected == in_database == in_parquet:
        raise TesseraError(
            f"marts.{name} has {expected:,} rows, its copies {in_database:,} and "
            f"{in_parquet:,}: the disk may be full; what was published before stays."
        )
    return expected
