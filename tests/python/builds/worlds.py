"""What the tests of planted worlds share: what to build, and how to compare it."""

from __future__ import annotations

from pathlib import Path

import duckdb

# All that loads are counted, judged and summed up in; nothing of persons.
SELECTION = (
    "--select", "+int_loads_read", "+fct_load_reconciliation", "+fct_quarantined_rows",
    "+fct_blanked_values", "stg_web__events",
)  # fmt: skip
# Columns that tell the night, which is not what is compared.
RUN_COLUMNS = ("read_on", "judged_at")
# What they make that later nights rely on or that others read: the staging layer's
# tables and the intermediate layer, views too, but for what shows the last run only.
COMPARED = """
    select schema_name || '.' || name
    from (
        select schema_name, table_name as name from duckdb_tables()
        union all
        select schema_name, view_name as name from duckdb_views() where not internal
    )
    where
        schema_name = 'intermediate'
        and name not in ('int_web_sequences_touched', 'int_web_session_events')
        and name != 'int_profile_value_changes'
        and name not like '%_touches'
        and name not like 'int_identity_neighbour%'
        and name not like 'int_linkage_%_before'
        or schema_name = 'staging' and (
            name like '%_judged'
            or name like '%_refused'
            or name = 'stg_web__visitor_days'
        )
        or name in ('fct_load_reconciliation', 'fct_blanked_values')
    order by all
"""


def run_models(workspace, *selection: str) -> None:
    """Make the seeds and models of a selection, by default all that is compared."""
    types = ("--resource-type", "seed", "--resource-type", "model")
    workspace.dbt("build", *types, *(selection or SELECTION))


def take_down(workspace, name: str) -> Path:
    """Write every compared table to a folder of Parquet files, one a table."""
    folder = workspace.root / name
    folder.mkdir()
    with workspace.connect() as connection:
        for (table,) in connection.execute(COMPARED).fetchall():
            connection.execute(
                f"copy (select columns(lambda name: name not in {RUN_COLUMNS}) "
                f"from {table}) to '{folder}/{table}.parquet'"
            )
    return folder


def differences(left: Path, right: Path) -> dict[str, tuple[int, int]]:
    """Count the rows that only one of two folders has, for each table with any.

    A table that one of them lacks counts as -1 there.
    """
    found = {}
    for table in sorted({file.name for file in [*left.iterdir(), *right.iterdir()]}):
        files = (left / table, right / table)
        if not all(file.exists() for file in files):
            found[table] = tuple(0 if file.exists() else -1 for file in files)
            continue
        only = tuple(
            duckdb.sql(
                f"select count(*) from (from '{one}' except all from '{other}')"
            ).fetchall()[0][0]
            for one, other in (files, files[::-1])
        )
        if any(only):
            found[table.removesuffix(".parquet")] = only
    return found
