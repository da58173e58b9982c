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

# What is measured: all between the days of profiles and the matrix.
MODELS = [
    "int_person_activity_daily",
    "int_person_departments",
    "int_person_brands",
    "int_person_topics",
    "int_person_moments",
    "ftr_person_rfm",
    "ftr_person_engagement",
    "ftr_person_channels",
    "ftr_person_value",
    "ftr_person_affinities",
    "ftr_person_campaigns",
    "ftr_person_context",
    "ftr_person_demographics",
    "ftr_person_psychographics",
    "ftr_person_trait_measures",
    "ftr_person_traits",
    "ftr_person_geography",
    "ftr_person_matrix",
]
# What the models read, written straight into the warehouse: no lake, no staging. Every
# choice hangs on a hash of the person's number, so each run makes the same.
INPUTS = """
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

-- Rows a person has at most of each kind; the mean person has half, together 19, as in
-- the planted world.
create table contacts as
select *, row_number() over () * 100 as lots from (values
    ('shop', 'web', 'purchase', 5), ('shop', 'store', 'purchase', 3),
    ('shop', 'web', 'refund', 1), ('web', 'web', 'web_page_view', 7),
    ('web', 'web', 'web_view_item', 6), ('web', 'web', 'web_add_to_cart', 3),
    ('email', 'email', 'email_sent', 5), ('email', 'email', 'email_opened', 3),
    ('email', 'email', 'email_clicked', 1), ('social', 'social', 'social_like', 3),
    ('ads', 'ads', 'ads_impression', 2)
) as kinds (source_name, channel, event_type, most);

create table lines as
select person, lot, 'shop' as source_name, profile_of('shop', person) as profile_id,
    day_of(person, 100 + lot) as activity_on
from persons, range(10) as lots (lot)
where lot <= die(person, 1) % 10;

create table intermediate.int_clock as select date '2024-06-30' as as_of_date;

create table intermediate.int_activity_daily as
select source_name, profile_of(source_name, person) as profile_id,
    day_of(person, lots + lot) as activity_on, channel, event_type,
    (1 + die(person, lots + 50 + lot) % 3)::bigint as event_count,
    case when event_type = 'purchase' then 2 else 0 end::bigint as line_count,
    case when event_type = 'purchase' then 20 + die(person, lots + 60 + lot) % 80
        else 0 end::decimal(18, 4) as sale_amount,
    case when event_type = 'purchase' then 3 else 0 end::decimal(18, 4)
        as discount_amount,
    case when event_type = 'refund' then 5 else 0 end::decimal(18, 4) as refund_amount
from persons, contacts, range(7) as numbers (lot)
where lot < die(person, lots + 70) % (most + 1);

create table intermediate.int_person_profiles as
select source_name, profile_of(source_name, person) as profile_id,
    key_of(person) as person_key
from persons, unnest(['shop', 'web', 'email', 'social', 'ads']) as names (source_name);

create table intermediate.int_department_activity_daily as
select source_name, profile_id, activity_on,
    'department ' || die(person, 2000 + lot) % 12 as department,
    2::bigint as line_count, 2::decimal(18, 4) as unit_count,
    (5 + die(person, 2100 + lot) % 90)::decimal(18, 4) as sale_amount,
    5::decimal(18, 4) as costed_sale_amount, 3::decimal(18, 4) as cost_amount
from lines;

create table intermediate.int_brand_activity_daily as
select source_name, profile_id, activity_on,
    'brand ' || die(person, 2200 + lot) % 300 as brand, 1::bigint as line_count
from lines;

create table intermediate.int_topic_activity_daily as
select 'social' as source_name, profile_of('social', person) as profile_id,
    day_of(person, 1000) as activity_on, 'topic ' || die(person, 2300) % 8 as topic,
    1::bigint as event_count
from persons where person % 3 = 0;

create table intermediate.int_moments_daily as
select 'web' as source_name, profile_of('web', person) as profile_id,
    day_of(person, 400 + lot) as activity_on,
    (1 + die(person, 2400 + lot) % 7)::tinyint as local_weekday,
    (die(person, 2500 + lot) % 24)::tinyint as local_hour,
    'mobile' as device_category, 3::bigint as event_count
from lines;

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
            ["dbt", "--quiet", "seed", "--select", "features"],
            cwd=project.root,
            env={**os.environ, **environment},
            check=True,
            capture_output=True,
        )
        usage = measure_command(
            ["dbt", "--quiet", "run", "--select", *MODELS],
            environment=environment,
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
        db.execute("drop table lines; drop table persons")
