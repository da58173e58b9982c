"""What `mf query` answers, beside SQL written by hand for each metric.

The marts are planted, not built: a metric reads nothing else. They hold what goes wrong
easily: nulls, months that nobody was followed in, persons without a purchase.
"""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

cli = pytest.importorskip(
    "dbt_metricflow.cli.main", reason="MetricFlow is not installed: extra `metrics`"
).cli
runner = pytest.importorskip("click.testing").CliRunner

COPY = "copy.duckdb"
MARTS = """
    select setseed(0.5);
    create schema marts;
    create table marts.dim_days as
    select day::date as calendar_on
    from generate_series(date '2024-01-01', date '2024-06-30', interval 1 day)
        as days (day);

    create table marts.dim_persons as
    select
        range as person_key,
        if(range % 9 = 0, null, date '2024-01-01' + (range % 180)::integer)
            as first_seen_on,
        range % 4 != 0 as is_known,
        if(range % 5 = 0, null, 'FR') as country_code,
        ['Bretagne', 'Corse', null][1 + range % 3] as region,
        '25-34' as age_band,
        'female' as sex
    from range(500);

    create table marts.fct_purchases_monthly as
    select
        range % 400 as person_key,
        (date '2024-01-01' + to_months((range // 400)::integer))::date
            as purchased_month_on,
        1 + (random() * 4)::bigint as order_count,
        (random() * 90)::decimal(18, 4) as revenue_amount,
        if(range // 400 < 5, random() < 0.4, null) as is_retained
    from range(2400)
    where random() < 0.6;

    create table marts.dim_segments (
        segmentation varchar, segment_key varchar, segment_name varchar, kind varchar
    );
    insert into marts.dim_segments values
        ('rfm', 'rfm-a', 'Champions', 'partition'),
        ('rfm', 'rfm-b', 'Lost', 'partition'),
        ('value', 'value-a', 'Top', 'partition'),
        ('value', 'value-b', 'Base', 'partition');

    create table marts.fct_segment_memberships as
    select
        range % 300 as person_key,
        if(range < 300, 'rfm', 'value') as segmentation,
        if(range < 300, 'rfm-', 'value-') || if(random() < 0.3, 'a', 'b')
            as segment_key,
        if(random() < 0.1, date '2024-06-30', date '2024-05-01') as entered_on,
        date '2024-06-30' as as_of_date
    from range(600);

    create table marts.fct_segment_sizes_daily as
    with sizes as (
        select segment_key, any_value(segmentation) as segmentation, count(*) as persons
        from marts.fct_segment_memberships
        group by segment_key
    )
    select
        (date '2024-06-30' - night::integer) as as_of_date,
        segmentation,
        segment_key,
        persons + if(segment_key like '%-a', night, -night) as person_count,
        (persons + if(segment_key like '%-a', night, -night)) / 300 as person_share
    from sizes
    cross join range(3) as nights (night);
"""


@pytest.fixture(scope="module")
def project(new_workspace):
    """Give a project whose metrics are parsed and whose marts are planted."""
    workspace = new_workspace("metrics")
    workspace.dbt("parse", "--write-json")
    with duckdb.connect(str(workspace.warehouse)) as connection:
        connection.execute(MARTS)
    # MetricFlow keeps the warehouse open, in this process.
    shutil.copyfile(workspace.warehouse, workspace.root / COPY)
    return workspace


@pytest.fixture(scope="module")
def metricflow(project):
    """Run `mf` in the project; give what it prints."""
    before, here = dict(os.environ), os.getcwd()
    os.environ.clear()
    os.environ.update(project.variables_of_a_newcomer())
    os.chdir(project.root)

    def run(*arguments):
        result = runner().invoke(cli, list(arguments))
        assert result.exit_code == 0, result.output
        return result.output

    yield run
    os.chdir(here)
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def ask(metricflow, project):
    """Query metrics; give their rows, with numbers as floats, in any order."""

    def query(metrics, group_by):
        file = project.root / "answer.csv"
        file.unlink(missing_ok=True)
        metricflow(
            "query", "--metrics", metrics, "--group-by", group_by, "--csv", str(file)
        )
        with file.open(newline="", encoding="utf-8") as stream:
            _, *rows = csv.reader(stream)
        return sorted([tuple(map(plain, row)) for row in rows], key=str)

    return query


def plain(cell):
    """Read a cell: a number as a float, a time as a day, nothing as None."""
    if cell in ("", "nan", "None"):
        return None
    try:
        return round(float(cell), 9)
    except ValueError:
        return cell.removesuffix(" 00:00:00").removesuffix("T00:00:00")


def by_hand(project, sql):
    with duckdb.connect(str(project.root / COPY), read_only=True) as connection:
        rows = connection.execute(sql).fetchall()
    return sorted([tuple(plain(str(cell)) for cell in row) for row in rows], key=str)


def test_the_configuration_is_valid_against_the_warehouse(project):
    done = subprocess.run(
        [str(Path(sys.executable).parent / "mf"), "validate-configs"],
        cwd=project.root,
        env=project.variables_of_a_newcomer(),
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert said.count("ERRORS: 0, FUTURE_ERRORS: 0, WARNINGS: 0") >= 6
    assert "✖" not in said


def test_persons(ask, project):
    answer = ask("persons", "person__region")
    assert len(answer) == 3
    assert answer == by_hand(
        project,
        "select region, count(*) from marts.dim_persons where is_known group by region",
    )


def test_revenue_average_order_value_and_retention(ask, project):
    metrics = "revenue,orders,buyers,average_order_value,retention"
    answer = ask(metrics, "metric_time__month")
    assert len(answer) == 6
    assert answer == by_hand(
        project,
        """
        select
            purchased_month_on,
            sum(revenue_amount),
            sum(order_count),
            count(distinct person_key),
            sum(revenue_amount)::double / sum(order_count),
            avg(is_retained::integer)
        from marts.fct_purchases_monthly
        group by purchased_month_on
        """,
    )
    # Of the last month nothing is known yet.
    assert [row[-1] is None for row in answer] == [False] * 5 + [True]


def test_revenue_by_what_is_known_of_persons(ask, project):
    answer = ask("revenue,average_order_value", "person__region")
    assert len(answer) == 3
    assert answer == by_hand(
        project,
        """
        select
            region,
            sum(revenue_amount),
            sum(revenue_amount)::double / sum(order_count)
        from marts.fct_purchases_monthly
        left join marts.dim_persons using (person_key)
        group by region
        """,
    )


def test_segment_share_is_that_of_the_last_night(ask, project):
    answer = ask("segment_share", "segment,segment__segment_name")
    assert len(answer) == 4
    assert answer == by_hand(
        project,
        """
        select segment_key, segment_name, count(*) / 300
        from marts.fct_segment_memberships
        left join marts.dim_segments using (segment_key)
        group by segment_key, segment_name
        """,
    )


def test_segment_share_by_night(ask, project):
    answer = ask("segment_share", "metric_time__day,segment")
    assert len(answer) == 12
    assert answer == by_hand(
        project,
        "select as_of_date, segment_key, person_share "
        "from marts.fct_segment_sizes_daily",
    )


def test_movement_rate(ask, project):
    answer = ask("members,new_members,movement_rate", "segment__segmentation")
    assert answer == by_hand(
        project,
        """
        select
            segmentation,
            count(*),
            count(*) filter (where entered_on = as_of_date),
            count(*) filter (where entered_on = as_of_date) / count(*)
        from marts.fct_segment_memberships
        group by segmentation
        """,
    )
    assert all(0 < rate < 1 for *_, rate in answer)
