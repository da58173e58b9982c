"""The queries of a workspace's last build, and the warehouse as it had it then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from tessera.bench.work import tables_copied

# Rows of a table that is worth not copying, in a world of a few thousand persons.
LONG = 1_000


@contextmanager
def warehouse_beside(
    workspace, manifest: Mapping
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Attach a copy of a warehouse to another, as a build has it while it runs."""
    copy = shutil.copy(workspace.warehouse, workspace.root / "copy.duckdb")
    compiled = workspace.root / "target" / "compiled" / "tessera"
    with duckdb.connect() as db:
        db.execute(f"set file_search_path = '{workspace.root}'")
        db.execute(f"attach '{copy}' as tessera")
        # Read from a file, a view has forgotten which of its CTEs are inlined.
        for node in manifest["nodes"].values():
            file = compiled / node["original_file_path"]
            if node["config"]["materialized"] == "view" and file.exists():
                sql = file.read_text(encoding="utf-8")
                view = f"tessera.{node['schema']}.{node['name']}"
                db.execute(f"create or replace view {view} as ({sql}\n)")
        yield db


def night_statements(workspace, db) -> dict[str, str]:
    """Give the queries of the last build, by name; views are read by others' alone."""
    found = db.sql("select view_name from duckdb_views()").fetchall()
    views = {name for (name,) in found}
    compiled = workspace.root / "target" / "compiled" / "tessera"
    texts = {
        file.stem: file.read_text(encoding="utf-8")
        for file in sorted(compiled.rglob("*.sql"))
        if file.stem not in views
    }
    return {name: sql for name, sql in texts.items() if sql.strip()}


def long_copies(workspace, manifest: Mapping) -> list[str]:
    """Tell which queries copy a long table into memory as it stands."""
    with warehouse_beside(workspace, manifest) as db:
        copied = tables_copied(db, night_statements(workspace, db))
        sizes = "select table_name, estimated_size from duckdb_tables()"
        row_counts = dict(db.sql(sizes).fetchall())
    return [
        f"{name}: {cte} of {table}"
        for name, ctes in copied.items()
        for cte, table in ctes.items()
        if row_counts[table] >= LONG
    ]
