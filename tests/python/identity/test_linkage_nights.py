"""Matching night by night: what is carried over, and when parameters are learned."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from tessera.methods.linkage import judge_pairs, match_records, nights
from tessera.methods.linkage.nights import (
    CARRIED_TYPES,
    LEARNED_SCHEMA,
    LONGEST_USE_DAYS,
    PLACE_SCHEMA,
    learn_when_due,
    learning_reason,
    place_records,
    rules_key,
    score_night,
)
from tessera.methods.linkage.records import ATTRIBUTES

from .test_linkage import town

NIGHT = date(2024, 6, 30)


def table_of(rows):
    columns = ("profile_key", *ATTRIBUTES)
    return pd.DataFrame(
        {
            column: pd.Series(
                [row.get(column) for row in rows],
                dtype="int64" if column == "profile_key" else "str",
            )
            for column in columns
        }
    )


class Matcher:
    """The matcher as the nightly build calls it, with what it remembers."""

    def __init__(self, connection):
        self.connection = connection
        self.learned = LEARNED_SCHEMA.empty_table()
        self.places = PLACE_SCHEMA.empty_table()
        self.pairs = pd.DataFrame({}).reindex(columns=list(CARRIED_TYPES))
        self.pairs = self.pairs.astype(CARRIED_TYPES)

    def relation(self, name, table):
        """Give a table as a model reads it."""
        self.connection.register("given", table)
        self.connection.execute(f"create or replace table {name} as from given")
        return self.connection.table(name)

    def night(self, rows, as_of_date=NIGHT):
        """Match the records of a night."""
        records = self.relation("records", table_of(rows))
        new = learn_when_due(self.connection, records, self.learned, as_of_date)
        self.learned = new if new.num_rows else self.learned
        before = self.relation("places_before", self.places)
        self.places = place_records(self.connection, records, before)
        self.pairs = score_night(
            self.connection,
            records,
            self.relation("places", self.places),
            self.learned,
            self.relation("pairs_before", self.pairs),
        )
        return self.pairs.drop(columns="version")


@pytest.fixture(scope="module")
def people():
    return town()


# A night of few new records looks at their blocks alone, one of many at all.
@pytest.mark.parametrize("largest_fresh_share", [0.0, 1.0])
def test_nights_one_by_one_weigh_what_one_night_weighs(
    people, monkeypatch, largest_fresh_share
):
    monkeypatch.setattr(nights, "LARGEST_FRESH_SHARE", largest_fresh_share)
    generator = np.random.default_rng(5)
    rows = {row["profile_key"]: row for row in people}
    keys = sorted(rows)
    with duckdb.connect() as connection:
        matcher = Matcher(connection)
        matcher.night([rows[key] for key in keys[:-8]])
        tonight = dict(list(rows.items())[:-8])
        for night in range(2):
            # Some come, some go, and some are told otherwise.
            for key in generator.choice(keys, 6, replace=False):
                if key in tonight and night:
                    del tonight[key]
                else:
                    tonight[key] = rows[key]
            told = int(generator.choice(sorted(tonight)))
            tonight[told] = {**tonight[told], "first_name": "Karla", "city": "Town 3"}
            found = matcher.night(list(tonight.values()))
            anew = Matcher(connection)
            anew.learned = matcher.learned
            pd.testing.assert_frame_equal(found, anew.night(list(tonight.values())))


def test_a_night_weighs_only_pairs_with_a_record_that_is_new(people, monkeypatch):
    weighed = []

    def counted(*arguments, **options):
        pairs = score(*arguments, **options)
        weighed.append(len(pairs))
        return pairs

    score = nights.score
    monkeypatch.setattr(nights, "score", counted)
    with duckdb.connect() as connection:
        matcher = Matcher(connection)
        matcher.night(people[:-1])
        first = matcher.night(people)
        again = matcher.night(people)
    pd.testing.assert_frame_equal(first, again)
    # All of them, those with the newcomer, and nothing at all.
    assert len(weighed) == 2
    assert 0 < weighed[1] < weighed[0] / 4


def test_one_night_is_what_the_matcher_says_at_once(people):
    with duckdb.connect() as connection:
        pairs = Matcher(connection).night(people)
        found = judge_pairs(pairs)
        at_once = match_records(connection, connection.table("records"))
    pd.testing.assert_frame_equal(found, at_once)


def test_no_records_learn_nothing_and_give_empty_tables():
    with duckdb.connect() as connection:
        matcher = Matcher(connection)
        pairs = matcher.night([])
    assert matcher.learned.num_rows == 0
    assert matcher.learned.schema == LEARNED_SCHEMA
    assert matcher.places.schema == PLACE_SCHEMA
    assert judge_pairs(pairs).empty


def test_values_are_remembered_by_key(people):
    with duckdb.connect() as connection:
        matcher = Matcher(connection)
        matcher.night(people)
    text = str(matcher.learned.to_pylist()).lower()
    assert not any(name.lower() in text for name in ("Abendroth", "example.org"))


@pytest.mark.parametrize(
    ("change", "records", "attributes", "days", "reason"),
    [
        ({}, 100, ["email"], LONGEST_USE_DAYS - 1, None),
        ({}, 100, ["email"], LONGEST_USE_DAYS, "age"),
        ({}, 124, ["email"], 1, None),
        ({}, 125, ["email"], 1, "records"),
        ({}, 81, ["email"], 1, None),
        ({}, 80, ["email"], 1, "records"),
        ({}, 100, ["email", "phone"], 1, "attributes"),
        ({"rules_key": "other"}, 100, ["email"], 1, "rules"),
    ],
)
def test_when_parameters_are_learned_again(change, records, attributes, days, reason):
    last = LEARNED_SCHEMA.empty_table().from_pylist(
        [
            {
                "learned_on": NIGHT,
                "rules_key": rules_key(),
                "record_count": 100,
                "attributes": ["email"],
            }
            | change
        ],
        schema=LEARNED_SCHEMA,
    )
    tonight = NIGHT + timedelta(days=days)
    assert learning_reason(last, records, attributes, tonight) == reason
