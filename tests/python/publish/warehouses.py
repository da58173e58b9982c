"""A warehouse as `dbt build` leaves it, but small and made in a moment."""

from __future__ import annotations

from pathlib import Path

import duckdb

PERSONS = 2000


def write_warehouse(
    path: Path,
    build: str = "build-1",
    *,
    night: str = "2024-06-30",
    gates_of: str | None = None,
    is_whole: bool = True,
    failing: bool = False,
    blocking: bool = True,
) -> None:
    """Write a warehouse whose every row says which build it is of.

    `gates_of` is the command that asked the gates, when it is not the last one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(
            "create or replace table main.last_run_started as "
            f"select '{build}' as invocation_id, {is_whole} as is_whole"
        )
        connection.execute(
            f"""
            create or replace table marts.dim_persons as
            select range as person_key, '{build}' as build
            from range({PERSONS})
            """
        )
        connection.execute("comment on table marts.dim_persons is 'One row per person'")
        connection.execute(
            "comment on column marts.dim_persons.person_key is 'The person''s key'"
        )
        connection.execute(
            """
            create or replace view marts.fct_memberships as
            select person_key, build from marts.dim_persons
            """
        )
        connection.execute(
            f"""
            create or replace table marts.fct_gate_results as
            select
                date '{night}' as as_of_date, 'moved_share' as gate, 'rfm' as subject,
                {not failing} as passed, {blocking} as is_blocking,
                0.5::double as figure, 0.2::double as limit_value,
                'loyal lost a half' as reason,
                '{gates_of or build}' as invocation_id
            """
        )
