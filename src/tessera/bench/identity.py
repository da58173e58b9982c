"""Profiles resolved into persons: the first night, and a night with 1 % new ones."""

from __future__ import annotations

import json
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb

from tessera.bench.measure import Usage, markdown_table, measure_command
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.project import find_project

# From values to the ledger; what comes before is made up here, by SQL.
RESOLUTION = ["int_profile_value_changes+", "int_identity_last_resolution+"]
RESOLVED = [f"{name},path:models/intermediate/identity" for name in RESOLUTION]
FIRST_NIGHT = date(2024, 6, 30)
NEW_SHARE = 0.01
PROFILES_PER_PERSON = 4
# A person's profiles all carry two values, which makes six links; of two persons in
# five, two profiles carry a third.
THIRD_VALUE = "person % 5 < 2 and number < 2"
SHARED_NUMBER_PROFILES = 100_000
SLOWEST = 14

PROFILES = """
    create or replace temp table made as
    select
        -- Every other newcomer of a later night is somebody known.
        case
            when {first} > 0 and range % 2 = 0 then range * 7919 % {first}
            else range
        end // {per_person} as person,
        (range % {per_person})::integer as number,
        case when range % {per_person} = 0 then 'crm' else 'web' end as source_name,
        'p' || range as profile_id,
        date '{night}' - (range % 700)::integer as first_seen_on
    from range({first}, {last});
    insert into intermediate.int_profiles by name
    select
        (md5_number_upper(source_name || ':' || profile_id) >> 1)::bigint
            as profile_key,
        source_name, profile_id, first_seen_on
    from made;
"""
VALUES = """
    create table if not exists main.made_values (
        source_name varchar, profile_id varchar, identifier_type varchar,
        identifier_value varchar, seen_on date
    );
    insert into main.made_values
    select
        source_name, profile_id, identifier.type, identifier.value,
        first_seen_on as seen_on
    from (
        select
            source_name, profile_id, first_seen_on,
            unnest([
                {{'type': 'email', 'value': 'person' || person || '@mail.fr'}},
                {{'type': 'customer_id', 'value': 'customer' || person}},
                case
                    when {third}
                        then {{'type': 'loyalty_card', 'value': 'card' || person}}
                end,
                case
                    when source_name = 'crm' and person < {shared}
                        then {{'type': 'phone', 'value': '+33140000000 everybody'}}
                end
            ]) as identifier
        from made
    )
    where identifier is not null;
    create or replace view intermediate.int_profile_values as
    select
        made_values.*,
        hash(made_values.source_name, profile_id, identifier_type, identifier_value,
            seen_on, value_rules_key) as fingerprint
    from main.made_values
    cross join intermediate.int_identity_rules;
"""


def bench_identity(profiles: int) -> str:
    """Resolve synthetic profiles twice: from nothing, and with 1 % more the next night.

    Parameters
    ----------
    profiles : int
        Profiles of the first night; 1.6 times as many links come of them. One value
        is on 100,000 profiles and must join nobody.

    Returns
    -------
    str
        A Markdown table: seconds and peak memory of ``dbt run`` from values to the
        ledger, dbt's own start included, and how many links, persons and changes.
    """
    project = find_project()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        environment = {
            "TESSERA_LAKE": str(folder / "lake"),
            "TESSERA_WAREHOUSE": str(folder / "bench.duckdb"),
            "TESSERA_MEMORY_LIMIT": "6GB",
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        }
        initialise_lake(folder / "lake", read_contracts(project.root))
        everything = "+path:models/intermediate/identity"
        _dbt(
            ["build", "--exclude", "resource_type:test", "--select", everything],
            environment,
            project.root,
        )
        rows, models = [], []
        warehouse = folder / "bench.duckdb"
        first, last = 0, profiles
        for night, name in enumerate(
            ["first night", f"a night with {NEW_SHARE:.0%} new profiles"]
        ):
            _add_profiles(warehouse, first, last, FIRST_NIGHT + timedelta(days=night))
            usage = _dbt(
                # The first build of all finds no tables to compare with.
                [
                    "run",
                    *(["--full-refresh"] if not first else []),
                    "--select",
                    *RESOLVED,
                ],
                environment,
                project.root,
            )
            rows.append([name, *_figures(warehouse, usage)])
            models.append(_seconds_by_model(folder / "target"))
            first, last = last, last + int(profiles * NEW_SHARE)
    slowest = sorted(models[0], key=lambda name: -models[0][name] - models[1][name])[
        :SLOWEST
    ]
    return "\n\n".join(
        [
            markdown_table(
                [
                    "",
                    "seconds",
                    "CPU seconds",
                    "peak MB",
                    "profiles",
                    "links",
                    "persons",
                    "ledger rows",
                    "affected",
                ],
                rows,
            ),
            markdown_table(
                ["model", "first night", "1 % more"],
                [[name, *(f"{one[name]:.1f}" for one in models)] for name in slowest],
            ),
        ]
    )


def _seconds_by_model(target: Path) -> dict[str, float]:
    results = json.loads((target / "run_results.json").read_text())["results"]
    return {
        result["unique_id"].rpartition(".")[2]: result["execution_time"]
        for result in results
    }


def _dbt(arguments: list[str], environment: dict[str, str], root: Path) -> Usage:
    return measure_command(
        ["dbt", "--quiet", *arguments], environment=environment, folder=root
    )


def _add_profiles(warehouse: Path, first: int, last: int, night: date) -> None:
    """Add profiles to the models that sources would have made, and set the clock."""
    values = {
        "first": first,
        "last": last,
        "night": night,
        "per_person": PROFILES_PER_PERSON,
        "third": THIRD_VALUE,
        "shared": SHARED_NUMBER_PROFILES,
    }
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(PROFILES.format(**values))
        connection.execute(VALUES.format(**values))
        connection.execute("update intermediate.int_clock set as_of_date = ?", [night])


def _figures(warehouse: Path, usage: Usage) -> list[str]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        counts = connection.execute(
            """
            select
                (select count(*) from intermediate.int_profiles),
                (select count(*) from intermediate.int_identity_links),
                (
                    select count(distinct person_key)
                    from intermediate.int_person_profiles
                ),
                (select count(*) from intermediate.int_person_keys),
                (
                    select arg_max(affected_profile_count, resolved_at)
                    from intermediate.int_identity_resolutions
                )
            """
        ).fetchall()[0]
    return [
        f"{usage.seconds:.1f}",
        f"{usage.cpu_seconds:.1f}",
        f"{usage.peak_megabytes:,.0f}",
        *(f"{count:,}" for count in counts),
    ]
