"""Fits that keep what they found, and add nothing on other nights."""

from datetime import date
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from tessera.refits import Refit, no_rows, of_champion, sample_of

NIGHT, FORMER = date(2024, 6, 30), date(2024, 6, 2)


@pytest.fixture
def session():
    with duckdb.connect() as connection:
        connection.execute(
            "create table fits as "
            "select unnest([date '2024-06-02', date '2024-06-30']) as fitted_on, "
            "unnest([1, 2]) as segment_number"
        )
        yield connection


def test_the_decision_is_read_from_its_one_row(session):
    decision = session.sql(
        "select date '2024-06-30' as as_of_date, true as is_due, "
        "date '2024-06-02' as former_fitted_on"
    )
    assert Refit.read(decision) == Refit(NIGHT, True, FORMER)
    assert Refit.read(decision.limit(0)) == Refit(None, False, None)


def test_each_model_is_found_by_its_day(session):
    refit = Refit(NIGHT, True, FORMER)
    assert refit.tonight(session.table("fits")).fetchall() == [(2,)]
    assert refit.formerly(session.table("fits")).fetchall() == [(1,)]
    assert Refit(NIGHT, True, None).formerly(session.table("fits")).fetchall() == []


def test_the_former_model_is_placed_with_the_centroids_that_scored(session):
    known = session.sql(
        "select date '2024-06-02' as fitted_on, unnest([date '2024-06-02', "
        "date '2024-06-28', date '2024-06-29']) as centroids_on "
        "union all select date '2024-06-30', date '2024-06-30'"
    )

    def last_in_use(former, centroids_on):
        before = session.sql(
            f"select {former} as fitted_on, {centroids_on} as centroids_on"
        )
        rows = Refit(NIGHT, True, FORMER if former != "null" else None).last_in_use(
            known, before
        )
        return rows.order("all").project("centroids_on").fetchall()

    day = "date '2024-06-02'"
    assert last_in_use(day, "date '2024-06-28'") == [(date(2024, 6, 28),), (NIGHT,)]
    assert last_in_use(day, day) == [(FORMER,), (NIGHT,)]
    assert last_in_use("null", "null") == [(FORMER,), (NIGHT,)]


@pytest.mark.parametrize("is_due", [True, False])
def test_rows_are_dated_and_kept_only_when_due(session, is_due):
    frame = pd.DataFrame({"segment_number": [1, 2]})
    dated = session.from_df(Refit(NIGHT, is_due, None).dated(frame))
    found = dated.project("fitted_on").distinct()
    assert found.types == ["DATE"]
    assert found.fetchall() == ([(NIGHT,)] if is_due else [])


def test_a_night_of_an_empty_lake_dates_nothing(session):
    dated = Refit(None, False, None).dated(pd.DataFrame({"segment_number": [1]}))
    assert dated.empty
    assert session.from_df(dated).project("fitted_on").types == ["DATE"]


def test_the_champion_is_that_of_the_last_night(session):
    champions = session.sql(
        "select unnest([date '2024-07-02', date '2024-06-30']) as as_of_date, "
        "unnest([date '2024-06-30', date '2024-06-02']) as fitted_on"
    )
    assert of_champion(session.table("fits"), champions).fetchall() == [(2,)]
    assert of_champion(session.table("fits"), champions.limit(0)).fetchall() == []


def test_of_a_sample_a_model_reads_what_it_uses_by_person(session):
    sample = session.sql(
        "select unnest([2, 1]) as person_key, unnest([0.2, 0.1]) as visits, "
        "'n' as region, unnest([4, 3]) as orders, 9 as lines, 8 as spend"
    )
    scaling = pd.DataFrame(
        {
            "feature": ["visits", "orders", "gone"],
            "is_used": [True, False, True],
            "group_column": ["region", None, None],
        }
    )
    other = scaling.assign(feature=["lines", "spend", "visits"])
    assert sample_of(sample, scaling).to_dict("list") == {
        "person_key": [1, 2],
        "visits": [0.1, 0.2],
        "region": ["n", "n"],
    }
    read = sample_of(sample, scaling, other, columns=["orders"])
    assert read.columns.tolist() == [
        "person_key", "visits", "region", "orders", "lines",
    ]  # fmt: skip
    assert sample_of(sample, scaling.iloc[:0]).columns.tolist() == ["person_key"]


def test_a_night_that_is_not_due_repeats_the_columns_without_rows(session):
    dbt = SimpleNamespace(is_incremental=True, this="fits")
    assert Refit(NIGHT, False, FORMER).adds_nothing(dbt)
    assert not Refit(NIGHT, True, FORMER).adds_nothing(dbt)
    assert no_rows(dbt, session).columns == ["fitted_on", "segment_number"]
    assert no_rows(dbt, session).fetchall() == []


def test_a_table_that_does_not_stand_is_made(session):
    dbt = SimpleNamespace(is_incremental=False, this="fits")
    assert not Refit(NIGHT, False, FORMER).adds_nothing(dbt)
