"""What the warehouse remembers, saved as Parquet and put back.

All other tables are built from the lake again; these hold what was decided on nights
gone by: keys, thresholds, memberships and their history. They are the models with
``full_refresh: false``, and dbt's manifest names them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.warehouse import open_warehouse, sql_text


@dataclass(frozen=True)
class StateTable:
    """A table that remembers.

    Parameters
    ----------
    schema, name : str
        Where it stands in the warehouse.
    row_count : int
        Rows that were saved or put back.
    """

    schema: str
    name: str
    row_count: int = 0


def state_tables(manifest: Path) -> list[StateTable]:
    """List the tables that remember.

    Parameters
    ----------
    manifest : Path
        ``target/manifest.json``, as any dbt command writes it.

    Returns
    -------
    list of StateTable
        By schema and name.

    Raises
    ------
    TesseraError
        If there is no manifest.
    """
    if not manifest.is_file():
        raise TesseraError(f"{manifest}: no manifest yet: run `dbt parse`.")
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    return sorted(
        (
            StateTable(node["schema"], node["alias"])
            for node in nodes
            if node["resource_type"] == "model"
            and node["config"].get("full_refresh") is False
        ),
        key=lambda table: (table.schema, table.name),
    )


def export_state(
    warehouse: Path, tables: Sequence[StateTable], folder: Path
) -> list[StateTable]:
    """Save the tables that remember, one Parquet file each.

    Parameters
    ----------
    warehouse : Path
        The DuckDB file that ``dbt build`` made.
    tables : sequence of StateTable
        From :func:`state_tables`.
    folder : Path
        Where the files go. What was saved there before is replaced as a whole, and
        only when the new files are complete.

    Returns
    -------
    list of StateTable
        Those that stand in the warehouse, with their rows.

    Raises
    ------
    TesseraError
        If there is no warehouse, or it is in use.
    """
    incoming = folder.with_name(f".{folder.name}.incoming")
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    saved = []
    with open_warehouse(warehouse) as connection:
        for table in tables:
            if not _exists(connection, table):
                continue
            file = incoming / f"{table.schema}.{table.name}.parquet"
            relation = f'"{table.schema}"."{table.name}"'
            ((rows,),) = connection.execute(
                f"copy {relation} to {sql_text(file)} (format parquet, "
                "compression zstd)"
            ).fetchall()
            saved.append(StateTable(table.schema, table.name, rows))
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    incoming.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return saved


def import_state(
    warehouse: Path, tables: Sequence[StateTable], folder: Path
) -> list[StateTable]:
    """Put saved tables back, before the next ``dbt build`` goes on from them.

    Parameters
    ----------
    warehouse : Path
        DuckDB file; made when absent.
    tables : sequence of StateTable
        From :func:`state_tables`.
    folder : Path
        Written by :func:`export_state`.

    Returns
    -------
    list of StateTable
        Those that were put back. All of them or, on an error, none.

    Raises
    ------
    TesseraError
        If nothing was saved, a file is of no table that remembers, or a table holds
        rows already: what the warehouse remembers is never overwritten.
    """
    files = sorted(folder.glob("*.parquet"))
    if not files:
        raise TesseraError(f"{folder}: nothing is saved here: `tessera state export`.")
    known = {f"{table.schema}.{table.name}": table for table in tables}
    unknown = [file.name for file in files if file.stem not in known]
    if unknown:
        raise TesseraError(
            f"{folder}: {', '.join(unknown)} belong to no model with "
            "`full_refresh: false`: move them away, or go back to the version of the "
            "project that wrote them."
        )
    restored = []
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with open_warehouse(warehouse, writable=True) as connection:
        connection.execute("begin")
        for file in files:
            restored.append(_put_back(connection, known[file.stem], file))
        connection.execute("commit")
    return restored


def _put_back(
    connection: duckdb.DuckDBPyConnection, table: StateTable, file: Path
) -> StateTable:
    """Make one table from its file, unless rows stand there."""
    relation = f'"{table.schema}"."{table.name}"'
    if _exists(connection, table):
        ((present,),) = connection.execute(
            f"select count(*) from {relation}"
        ).fetchall()
        if present:
            raise TesseraError(
                f"{table.schema}.{table.name} holds {present:,} rows already: state is "
                "put back into a new warehouse only; move the file away first."
            )
        connection.execute(f"drop table {relation}")
    connection.execute(f'create schema if not exists "{table.schema}"')
    ((rows,),) = connection.execute(
        f"create table {relation} as from read_parquet({sql_text(file)})"
    ).fetchall()
    return StateTable(table.schema, table.name, rows)


def _exists(connection: duckdb.DuckDBPyConnection, table: StateTable) -> bool:
    """Tell whether a table stands in the warehouse."""
    ((count,),) = connection.execute(
        "select count(*) from duckdb_tables() "
        "where database_name = current_database() "
        "and schema_name = ? and table_name = ?",
        [table.schema, table.name],
    ).fetchall()
    return count > 0
