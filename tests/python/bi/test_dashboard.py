"""The dashboard for Superset: what `tessera dashboard` writes.

That Superset imports it and that every chart gives data is shown by
`scripts/superset check`, in an environment of its own.
"""

import json
from pathlib import Path
from zipfile import ZipFile

import duckdb
import pytest
import yaml

from tessera.dashboard import (
    GRID_COLUMNS,
    VIZ_TYPES,
    DefinitionError,
    read_definition,
    write_bundle,
)

ROOT = Path(__file__).parents[3]
DEFINITION = ROOT / "bi" / "audience.yml"
MARTS = """
    create schema marts;
    create table marts.sales (month_on date, shop varchar, amount double);
    comment on column marts.sales.amount is 'What was spent.';
"""
SMALL = """
title: Sales
description: By month.
charts:
  - name: By month
    kind: line
    mart: sales
    time: {column: month_on, grain: P1M}
    by: [shop]
    metrics: {Amount: sum(amount)}
    where: shop != 'x'
  - name: Of another mart
    kind: number
    mart: absent
    metrics: {Rows: count(*)}
rows:
  - [By month, Of another mart]
"""


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(MARTS)
    return path


@pytest.fixture
def definition(tmp_path):
    file = tmp_path / "sales.yml"

    def write(text=SMALL):
        file.write_text(text, encoding="utf-8")
        return read_definition(file)

    return write


def contents(bundle):
    with ZipFile(bundle) as archive:
        return {
            name.removeprefix("audience/"): yaml.safe_load(archive.read(name))
            for name in archive.namelist()
        }


@pytest.fixture
def files(definition, database, tmp_path):
    left_out = write_bundle(definition(), database, tmp_path / "sales.zip")
    assert left_out == ["Of another mart"]
    return contents(tmp_path / "sales.zip")


def test_the_database_is_opened_read_only(files, database):
    written = files["databases/tessera.yaml"]
    assert written["sqlalchemy_uri"] == f"duckdb:///{database}"
    assert written["extra"]["engine_params"]["connect_args"] == {"read_only": True}


def test_everything_refers_to_what_is_there(files):
    database = files["databases/tessera.yaml"]["uuid"]
    dataset = files["datasets/tessera/sales.yaml"]
    chart = files["charts/by-month.yaml"]
    dashboard = files["dashboards/sales.yaml"]
    assert dataset["database_uuid"] == database
    assert chart["dataset_uuid"] == dataset["uuid"]
    placed = [
        part["meta"]["uuid"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert placed == [chart["uuid"]]


def test_a_dataset_carries_types_and_descriptions(files):
    columns = {
        column["column_name"]: column
        for column in files["datasets/tessera/sales.yaml"]["columns"]
    }
    assert columns["month_on"]["is_dttm"]
    assert not columns["shop"]["is_dttm"]
    assert columns["amount"]["description"] == "What was spent."


def test_a_charts_query_says_what_the_file_says(files):
    context = json.loads(files["charts/by-month.yaml"]["query_context"])
    (query,) = context["queries"]
    axis, *groups = query["columns"]
    assert (axis["sqlExpression"], axis["timeGrain"]) == ("month_on", "P1M")
    assert groups == ["shop"]
    assert query["metrics"][0]["sqlExpression"] == "sum(amount)"
    assert query["extras"]["where"] == "(shop != 'x')"


def test_a_chart_left_out_leaves_no_gap(files):
    position = files["dashboards/sales.yaml"]["position"]
    assert position["ROW-1"]["children"] == ["CHART-by-month"]
    assert position["CHART-by-month"]["meta"]["width"] == GRID_COLUMNS


def test_two_writes_are_the_same(definition, database, tmp_path):
    for name in ("a.zip", "b.zip"):
        write_bundle(definition(), database, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: line", "kind: lines", "'By month'.*one of number.*found 'lines'"),
        (
            "rows:\n  - [By month,",
            "rows:\n  - [By year,",
            "no chart is called 'By year'",
        ),
        ("where: shop", "which: shop", "'By month'.*which"),
    ],
)
def test_a_slip_in_the_file_is_named(definition, old, new, message):
    with pytest.raises(DefinitionError, match=message):
        definition(SMALL.replace(old, new))


def test_a_column_that_is_not_there_is_named(definition, database, tmp_path):
    wrong = definition(SMALL.replace("by: [shop]", "by: [store]"))
    with pytest.raises(DefinitionError, match=r"marts\.sales has no column store"):
        write_bundle(wrong, database, tmp_path / "x.zip")


def test_the_projects_dashboard_names_columns_that_the_marts_have():
    described = {}
    for file in (ROOT / "models").rglob("*.yml"):
        for model in (yaml.safe_load(file.read_text("utf-8")) or {}).get("models", []):
            described[model["name"]] = {one["name"] for one in model.get("columns", [])}
    dashboard = read_definition(DEFINITION)
    assert {chart.kind for chart in dashboard.charts} == set(VIZ_TYPES)
    for chart in dashboard.charts:
        if chart.mart in described:
            assert chart.columns <= described[chart.mart], chart.name
    assert {name for row in dashboard.rows for name in row} == {
        chart.name for chart in dashboard.charts
    }
