"""Generic data tests, each seen to fail on rows that are wrong."""

from datetime import date
from pathlib import Path

import duckdb
import jinja2
import pytest

GENERIC = Path(__file__).parents[1] / "generic"
MACROS = Path(__file__).parents[2] / "macros"
BEFORE, NIGHT, LATER = date(2024, 6, 1), date(2024, 6, 20), date(2024, 6, 30)


def failures(name, rows, **arguments):
    """Run a generic test on rows of person_key, valid_from and valid_to."""
    text = (GENERIC / f"{name}.sql").read_text(encoding="utf-8")
    body = text[text.index("%}") + 2 : text.index("{% endtest %}")]
    macro = (MACROS / "columns_with_nulls.sql").read_text(encoding="utf-8")
    sql = (
        jinja2.Environment()
        .from_string(macro + body)
        .render(model="stretches", ref=lambda model: model, **arguments)
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"create table int_clock as select date '{LATER}' as as_of_date"
        )
        connection.execute(
            "create table stretches (person_key bigint, valid_from date, valid_to date)"
        )
        connection.executemany("insert into stretches values (?, ?, ?)", rows)
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    "rows",
    [
        [(1, BEFORE, LATER), (1, LATER, None), (2, BEFORE, None)],
        # She was away in between.
        [(1, BEFORE, NIGHT), (1, LATER, None)],
        # Nothing of these was written tonight, so nobody looks at them again.
        [(1, BEFORE, None), (1, NIGHT, None)],
    ],
)
def test_stretches_that_follow_one_another_pass(rows):
    assert failures("stretches_never_overlap", rows, columns=["person_key"]) == []


@pytest.mark.parametrize(
    "rows",
    [
        # Still open, and another began.
        [(1, BEFORE, None), (1, LATER, None)],
        # The second began before the first was over.
        [(1, BEFORE, LATER), (1, NIGHT, None)],
        # The same night twice, as a night run twice would leave it.
        [(1, LATER, None), (1, LATER, None)],
        # Over before it began, or on the night it did.
        [(1, LATER, NIGHT)],
        [(1, LATER, LATER)],
    ],
)
def test_stretches_that_overlap_fail(rows):
    assert failures("stretches_never_overlap", rows, columns=["person_key"])


def test_a_key_may_come_again_on_another_night_but_not_tonight():
    def repeated(*rows):
        return failures(
            "unique_tonight",
            [(*row, None) for row in rows],
            columns=["person_key", "valid_from"],
            night="valid_from",
        )

    assert repeated((1, NIGHT), (1, LATER), (2, LATER)) == []
    assert repeated((1, NIGHT), (1, NIGHT)) == []
    assert repeated((1, LATER), (1, LATER)) == [(1, LATER, 2)]
    assert repeated((None, LATER), (None, LATER)) == [(None, LATER, 2)]


def test_a_null_in_any_named_column_fails_and_is_named():
    def found(*rows):
        return failures("never_null", rows, columns=["person_key", "valid_from"])

    assert found((1, BEFORE, None), (2, NIGHT, LATER)) == []
    assert found((1, None, LATER), (None, None, None)) == [
        ("valid_from", 1, None, LATER),
        ("person_key, valid_from", None, None, None),
    ]


def test_a_key_that_comes_twice_fails_and_so_does_a_null_beside_it():
    def found(*rows, never_null=()):
        return failures(
            "unique_combination",
            rows,
            columns=["person_key"],
            never_null=never_null,
        )

    assert found((1, BEFORE, None), (2, None, None)) == []
    assert found((1, BEFORE, None), (1, NIGHT, None)) == [(1, 2, "")]
    assert found((None, BEFORE, None), (None, NIGHT, None)) == [(None, 2, "")]
    whole = ["valid_from", "person_key"]
    assert found((1, BEFORE, None), (2, NIGHT, None), never_null=whole) == []
    assert sorted(
        found((1, None, None), (2, NIGHT, None), (None, None, None), never_null=whole),
        key=str,
    ) == [(1, 1, "valid_from"), (None, 1, "valid_from, person_key")]
