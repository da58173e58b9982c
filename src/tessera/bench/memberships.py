"""What memory of memberships adds to a night, at any number of persons."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from tessera.bench.measure import Usage, markdown_table, measure_command
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.project import find_project

FIRST = date(2024, 6, 1)
# All that is read or written for the sake of memory, and the memberships themselves.
MODELS = [
    "path:models/segments/memory",
    "seg_behaviour_leaders",
    "seg_counterfactual_leaders",
    "seg_memberships",
    "seg_first_nights",
    "fct_segment_memberships",
    "fct_segment_membership_history",
    "fct_segment_movements",
    "fct_segment_movements_daily",
    "fct_segment_size_changes",
    "fct_segment_migrations",
]
# Marts that they read, and that were there without them.
READ = ["fct_person_scores", "dim_segments", "fct_segment_sizes_daily"]
SEEDS = ["segmentations", "rule_segments", "segment_rules", "rfm_segments"]
# What the models read of a night. A person is of version 1 once she has changed, and is
# then in another segment of each of the eight partitions.
INPUTS = """
create schema if not exists intermediate;
create schema if not exists features;
create schema if not exists fits;
create schema if not exists segments;
create schema if not exists personas;
create schema if not exists marts;
create or replace macro die(person, lot) as hash(person * 1000 + lot);

create or replace temp table persons as
select person, (die(person, 0) >> 1)::bigint as person_key,
    die(person, 1) % 100 < {changed_percent} as version
from range({persons}) as numbers (person);

create or replace table intermediate.int_clock as select date '{night}' as as_of_date;

create or replace table intermediate.int_person_key_changes as
select null::date as changed_on, null::bigint as from_person_key,
    null::bigint as to_person_key where false;

create or replace table features.ftr_person_rfm as
select person_key, date '{first}' - (die(person, 2) % 300)::integer
        + 3 * version::integer as last_purchase_on,
    date_diff('day', last_purchase_on, date '{night}') as recency_days,
    (1 + die(person, 3) % 20 + version::integer)::bigint as order_count,
    (10 + die(person, 4) % 900 + 30 * version::integer)::decimal(18, 4)
        as monetary_amount
from persons;

create or replace table segments.seg_rfm_scores as
select person_key, date '{night}' as as_of_date, 1::bigint as recency_days,
    1::bigint as frequency_count, (die(person, 4) % 900)::decimal(18, 2)
        as monetary_amount,
    (1 + (die(person, 5) + version::integer) % 5)::integer as recency_score,
    3 as frequency_score, 3 as monetary_score
from persons;

create or replace table segments.seg_rfm_cells as
select recency_score::integer as recency_score, frequency_score::integer
        as frequency_score, monetary_score::integer as monetary_score,
    ['rfm-lost', 'rfm-hibernating', 'rfm-need-attention', 'rfm-loyal',
        'rfm-champions'][recency_score] as segment_key
from range(1, 6) as recencies (recency_score),
    range(1, 6) as frequencies (frequency_score),
    range(1, 6) as monies (monetary_score);

create or replace table segments.seg_behaviour_scores as
select person_key, date '{night}' as as_of_date, 0.5::double as axis_1_score,
    0.5::double as axis_2_score,
    (1 + (die(person, 6) + version::integer) % 8)::integer as segment_number,
    0.9::double as probability,
    [0.9, 0.02, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01]::double[] as probabilities
from persons;

create or replace table segments.seg_rule_memberships as
select person_key, date '{night}' as as_of_date, segmentation,
    segmentation || '-' || (die(person, 7) + version::integer) % 5 as segment_key
from persons, unnest(
    ['lifecycle', 'value', 'geography', 'extra_1', 'extra_2', 'extra_3']
) as names (segmentation);

create or replace table segments.seg_value_tiers as
select person_key, date '{night}' as as_of_date, 100::decimal(18, 2) as monetary_amount,
    'value-top' as segment_key from persons;

create or replace table segments.seg_definitions as
select *, segment_key as segment_name, '-' as description, 0.9::double as stability,
    'v' as model_version, 'active' as status
from (
    select 'behaviour' as segmentation, 'behaviour-' || number as segment_key
    from range(1, 9) as numbers (number)
    union all
    select 'rfm' as segmentation, segment_key from segments.seg_rfm_cells group by all
    union all
    select segmentation, segmentation || '-' || number as segment_key
    from unnest(['lifecycle', 'value', 'geography', 'extra_1', 'extra_2', 'extra_3'])
        as names (segmentation), range(5) as numbers (number)
);

create or replace table personas.persona_settled_names as
select segmentation, segment_key, segment_name, segment_name as segment_name_fr
from segments.seg_definitions;

create or replace table fits.fit_champion_segments as
select number::integer as segment_number, 'behaviour-' || number as segment_key,
    segment_key as former_segment_key, date '{first}' as fitted_on,
    1::double as stability
from range(1, 9) as numbers (number);

create or replace table fits.fit_segment_keys as
select date '{first}' as fitted_on, segment_number, segment_key
from fits.fit_champion_segments;

create or replace table fits.fit_centroids_in_use as
select date '{night}' as as_of_date, date '{first}' as fitted_on,
    date '{first}' as former_fitted_on, false as is_changed;

create or replace table segments.seg_former_model_scores as
select null::bigint as person_key, null::integer as segment_number where false;

create or replace table segments.seg_former_feature_scores as
from segments.seg_former_model_scores;

create or replace table fits.fit_thresholds as
select variable, 'all' as scope, (date '{night}' - day::integer) as as_of_date,
    [50, 100, 200, 250]::double[] as edges
from unnest(['recency_days', 'order_count', 'monetary_amount']) as names (variable),
    range(3) as days (day);

create or replace table marts.fct_segment_tags as
select null::bigint as person_key, null::varchar as segmentation,
    null::varchar as segment_key where false;

delete from rules.segmentations where starts_with(segmentation, 'extra');
insert into rules.segmentations by name
select 'extra_' || number as segmentation, 'partition' as kind, '-' as description
from range(1, 4) as numbers (number);
"""


def bench_memberships(persons: int) -> str:
    """Build three nights of eight partitions: the first, one with moves, one without.

    Parameters
    ----------
    persons : int
        How many, made up; on the second night one in a hundred changes segment in each
        of the eight.

    Returns
    -------
    str
        A Markdown table of seconds a model and night, as dbt measured them, of the
        processor time and the peak memory of the whole process, dbt included, and of
        the rows that the history grew by.
    """
    project = find_project()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        initialise_lake(folder / "lake", read_contracts(project.root))
        environment = {
            "TESSERA_LAKE": str(folder / "lake"),
            "TESSERA_WAREHOUSE": str(folder / "bench.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        }
        subprocess.run(
            ["dbt", "--quiet", "seed", "--select", *SEEDS],
            cwd=project.root,
            env=os.environ | environment,
            check=True,
            capture_output=True,
        )
        seconds, usages, rows = [], [], []
        for number, changed_percent in enumerate((0, 1, 1)):
            night = FIRST + timedelta(days=number)
            with duckdb.connect(str(folder / "bench.duckdb")) as db:
                db.execute("set preserve_insertion_order = false")
                db.execute(
                    INPUTS.format(
                        persons=persons,
                        night=night,
                        first=FIRST,
                        changed_percent=changed_percent,
                    )
                )
            usages.append(
                measure_command(
                    ["dbt", "--quiet", "run", "--select", *MODELS, *READ],
                    environment=environment,
                    folder=project.root,
                )
            )
            seconds.append(_seconds(folder / "target" / "run_results.json"))
            rows.append(_written(folder / "bench.duckdb", night))
    return _table(seconds, usages, rows, persons)


def _seconds(results: Path) -> dict[str, float]:
    """Read how long each model took, and all of them from first to last."""
    spans = {}
    for result in json.loads(results.read_text())["results"]:
        moments = [
            datetime.fromisoformat(step[edge])
            for step in result["timing"]
            for edge in ("started_at", "completed_at")
        ]
        name = result["unique_id"].rpartition(".")[2]
        if moments and name not in READ:
            spans[name] = (min(moments), max(moments))
    return {
        name: (last - first).total_seconds() for name, (first, last) in spans.items()
    }


def _written(warehouse: Path, night: date) -> int:
    """Count the rows of history and movements that a night wrote."""
    with duckdb.connect(str(warehouse), read_only=True) as db:
        ((count,),) = db.execute(
            """
            select
                (select count(*) from segments.seg_membership_history
                where valid_from = $night or valid_to = $night)
                + (select count(*) from segments.seg_movements where moved_on = $night)
            """,
            {"night": night},
        ).fetchall()
    return count


def _table(
    seconds: list[dict[str, float]],
    usages: list[Usage],
    rows: list[int],
    persons: int,
) -> str:
    """Lay out the three nights beside each other, the slowest models first."""
    names = sorted(seconds[0], key=lambda name: -max(night[name] for night in seconds))
    lines = [
        [f"`{name}`", *(f"{night[name]:.1f}" for night in seconds)]
        for name in names
        if max(night[name] for night in seconds) >= 0.5
    ]
    lines += [
        ["all of them, added up", *(f"{sum(night.values()):.1f}" for night in seconds)],
        ["processor, dbt included", *(f"{usage.cpu_seconds:.1f}" for usage in usages)],
        ["peak memory, MB", *(f"{usage.peak_megabytes:,.0f}" for usage in usages)],
        ["rows written", *(f"{count:,}" for count in rows)],
    ]
    first = f"{persons:,} persons, seconds"
    return markdown_table([first, "first night", "1 % move", "nobody moves"], lines)
