"""From days of activity to the feature matrix, at any number of persons."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

import duckdb

from tessera.bench.measure import Usage, markdown_table, measure_command
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.project import find_project

# Of DuckDB alone; one model at a time, for each keeps both processors busy.
MEMORY_LIMIT = "6GB"
# What is measured: all between the days of profiles and the matrix.
MODELS = [
    "int_person_activity_daily",
    "int_person_order_days",
    "int_person_purchases_daily",
    "int_person_contacts",
    "int_person_departments",
    "int_person_brands",
    "int_person_topics",
    "int_person_moments",
    "ftr_person_rfm",
    "ftr_person_engagement",
    "ftr_person_channels",
    "ftr_person_value",
    "ftr_person_affinities",
    "ftr_department_slots",
    "ftr_person_departments",
    "ftr_person_campaigns",
    "ftr_person_context",
    "ftr_person_demographics",
    "ftr_person_psychographics",
    "ftr_person_trait_measures",
    "ftr_person_traits",
    "int_home_market",
    "ftr_person_geography",
    "ftr_person_matrix",
]
# What the models read, written straight into the warehouse: no lake, no staging. Every
# choice hangs on a hash of the person's number, so each run makes the same.
INPUTS = """
create schema staging;
create schema intermediate;
create schema features;
create macro die(person, lot) as hash(person * 1000 + lot);
create macro key_of(person) as (die(person, 0) >> 1)::bigint;
create macro day_of(person, lot) as
    date '2024-06-30' - (die(person, lot) % 730)::integer;
create macro profile_of(source, person) as case source
    when 'shop' then 'C' || person
    when 'email' then md5('m' || person)
    when 'social' then 'tiktok:' || person
    else 'v' || person
end;

create table intermediate.int_activity_daily (
    source_name varchar, profile_id varchar, activity_on date, channel varchar,
    event_type varchar, event_count bigint, line_count bigint,
    sale_amount decimal(18, 4), discount_amount decimal(18, 4),
    refund_amount decimal(18, 4)
);

create table intermediate.int_product_activity_daily (
    source_name varchar, profile_id varchar, activity_on date, product_id varchar,
    line_count bigint, unit_count decimal(18, 4), sale_amount decimal(18, 4),
    costed_sale_amount decimal(18, 4), cost_amount decimal(18, 4)
);

create table intermediate.int_moments_daily (
    source_name varchar, profile_id varchar, activity_on date, local_weekday tinyint,
    local_hour tinyint, device_category varchar, event_count bigint
);

create table intermediate.int_clock as select date '2024-06-30' as as_of_date;

create table intermediate.int_person_profiles as
select source_name, profile_of(source_name, person) as profile_id,
    key_of(person) as person_key
from persons, unnest(['shop', 'web', 'email', 'social', 'ads']) as names (source_name);

create table staging.stg_shop__products as
select 'p' || number as product_id, 'department ' || number % 12 as department,
    'brand ' || number % 300 as brand
from range(3000) as numbers (number);

create table intermediate.int_topic_activity_daily as
select 'social' as source_name, profile_of('social', person) as profile_id,
    day_of(person, 1000) as activity_on, 'topic ' || die(person, 2300) % 8 as topic,
    1::bigint as event_count
from persons where person % 3 = 0;

create table intermediate.int_person_campaigns as
select key_of(person) as person_key, date '2024-06-30' as as_of_date,
    'c' || person % 20 as campaign_id,
    date '2024-06-30' - (person % 20 * 10)::integer as starts_on
from persons;

create table intermediate.int_person_answers as
select key_of(person) as person_key, 'S1' as survey_id, 'Q' || question as question_id,
    'x' as answer, (die(person, 2600 + question) % 5) / 4.0::double as answer_score,
    timestamp '2024-03-01' as answered_at
from persons, range(1, 9) as questions (question) where person % 20 = 0;

create table intermediate.int_persons as
select key_of(person) as person_key,
    date '2024-06-30' - (person % 900)::integer as first_seen_on,
    20 + person % 60 as age_years, null::varchar as age_band, 'female' as sex,
    'FR' as country_code, 'region ' || person % 12 as region,
    null::varchar as marital_status, null::varchar as home_ownership,
    null::varchar as income_band, (1 + person % 5)::varchar as household_size,
    '1' as children_count
from persons;

create table intermediate.int_person_sources as
select key_of(person) as person_key, true as is_known from persons;

create table intermediate.int_home_places as
select key_of(person) as person_key, 'FR' as country_code,
    (10000 + person % 6000)::varchar as postcode, 'town' as city
from persons;

create table intermediate.int_person_areas as
select key_of(person) as person_key, 'region' as area_region,
    'department' as area_department, 'town' as area_urbanity,
    5000::bigint as area_population_count,
    300.0::double as area_inhabitants_per_square_kilometre,
    2.2::double as area_household_size, 0.1::double as area_unemployment_share
from persons;

create table intermediate.int_postcode_stores as
select 'FR' as country_code, (10000 + number)::varchar as postcode,
    's1' as nearest_store_id, 1000.0 * number as store_distance_metres
from range(6000) as numbers (number);
"""

# Rows a person has at most of each kind; the mean person has half, together 19, as in
# the planted world.
KINDS = [
    ("shop", "web", "purchase", 5),
    ("shop", "store", "purchase", 3),
    ("shop", "web", "refund", 1),
    ("web", "web", "web_page_view", 7),
    ("web", "web", "web_view_item", 6),
    ("web", "web", "web_add_to_cart", 3),
    ("email", "email", "email_sent", 5),
    ("email", "email", "email_opened", 3),
    ("email", "email", "email_clicked", 1),
    ("social", "social", "social_like", 3),
    ("ads", "ads", "ads_impression", 2),
]
ACTIVITY = """
insert into intermediate.int_activity_daily
select $source, profile_of($source, person), day_of(person, $lot), $channel,
    $event_type,
    1 + die(person, $lot + 50) % 3,
    case when $event_type = 'purchase' then 2 else 0 end,
    case when $event_type = 'purchase' then 20 + die(person, $lot + 60) % 80 else 0 end,
    case when $event_type = 'purchase' then 3 else 0 end,
    case when $event_type = 'refund' then 5 else 0 end
from persons
where $number < die(person, $lot - $number + 70) % ($most + 1)
"""
# A mean of five and a half product lines, and as many hours on the web.
LINES = """
insert into intermediate.int_product_activity_daily
select 'shop', profile_of('shop', person), day_of(person, 100 + $number),
    'p' || die(person, 2200 + $number) % 3000, 1, 2,
    5 + die(person, 2100 + $number) % 90, 5, 3
from persons
where $number <= die(person, 1) % 10
"""
MOMENTS = """
insert into intermediate.int_moments_daily
select 'web', profile_of('web', person), day_of(person, 400 + $number),
    1 + die(person, 2400 + $number) % 7, die(person, 2500 + $number) % 24, 'mobile', 3
from persons
where $number <= die(person, 1) % 10
"""


def bench_features(persons: int) -> str:
    """Build the features of made-up persons, from their profiles' days to the matrix.

    Parameters
    ----------
    persons : int
        How many; each has a profile in every source, about 19 rows of activity in two
        years, and as many of departments, brands and hours.

    Returns
    -------
    str
        A Markdown table of seconds a model, as dbt measured them, of the time from the
        first model's start to the last one's end, and of the processor time and the
        peak memory of the whole process, dbt included.
    """
    project = find_project()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        lake = folder / "lake"
        initialise_lake(lake, read_contracts(project.root))
        environment = {
            "TESSERA_LAKE": str(lake),
            "TESSERA_WAREHOUSE": str(folder / "bench.duckdb"),
            "DBT_TARGET_PATH": str(folder / "target"),
            "DBT_LOG_PATH": str(folder / "logs"),
        }
        synthesise(folder / "bench.duckdb", persons)
        subprocess.run(
            ["dbt", "--quiet", "seed", "--select", "path:seeds/features.csv"],
            cwd=project.root,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        usage = measure_command(
            ["dbt", "--quiet", "run", "--threads", "1", "--select", *MODELS],
            environment=environment | {"TESSERA_MEMORY_LIMIT": MEMORY_LIMIT},
            folder=project.root,
        )
        results = json.loads((folder / "target" / "run_results.json").read_text())
    return _table(results["results"], usage, persons)


def _table(results: list[dict], usage: Usage, persons: int) -> str:
    """Lay out dbt's own times, in the order in which the models began."""
    spans = {}
    for result in results:
        moments = [
            datetime.fromisoformat(step[edge])
            for step in result["timing"]
            for edge in ("started_at", "completed_at")
        ]
        name = result["unique_id"].rpartition(".")[2]
        if name in MODELS:
            spans[name] = (min(moments), max(moments))
    rows = [
        [f"`{name}`", f"{(end - start).total_seconds():.1f}"]
        for name, (start, end) in sorted(spans.items(), key=lambda item: item[1])
    ]
    first = min(start for start, _ in spans.values())
    last = max(end for _, end in spans.values())
    seconds = (last - first).total_seconds()
    rows.append(["from activity to the matrix", f"{seconds:.1f}"])
    rows.append(["processor, dbt included", f"{usage.cpu_seconds:.1f}"])
    rows.append(["peak memory, MB", f"{usage.peak_megabytes:,.0f}"])
    return markdown_table([f"{persons:,} persons", "seconds"], rows)


def synthesise(warehouse: Path, persons: int) -> None:
    """Write what the measured models read, straight into a warehouse.

    Parameters
    ----------
    warehouse : Path
        DuckDB file to make.
    persons : int
        How many persons.
    """
    with duckdb.connect(str(warehouse)) as db:
        db.execute("set preserve_insertion_order = false")
        db.execute(
            "create table persons as select range as person from range(?)", [persons]
        )
        db.execute(INPUTS)
        # One row a person and statement: as nights bring them, hers lie far apart.
        for place, (source, channel, event_type, most) in enumerate(KINDS, start=1):
            for number in range(most):
                kind = {"source": source, "channel": channel, "event_type": event_type}
                lot = place * 100 + number
                db.execute(
                    ACTIVITY, kind | {"most": most, "number": number, "lot": lot}
                )
        for number in range(10):
            db.execute(LINES, {"number": number})
            db.execute(MOMENTS, {"number": number})
        db.execute("drop table persons")
