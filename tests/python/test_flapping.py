"""What `scripts/bench memory` counts: who is back in a fortnight."""

import json
from datetime import date

import duckdb
import pytest

from tessera.bench.memory import Step, flapping, read_steps, replay
from tessera.errors import TesseraError

FIRST = "date '2024-01-01'"


@pytest.fixture
def db():
    connection = duckdb.connect()
    connection.execute("create schema segments")
    yield connection
    connection.close()


def stretches(db, table, *rows):
    """Write stretches of person, segment, first day and day after the last, or None."""
    db.execute(
        f"create table segments.{table} (segmentation varchar, person_key bigint, "
        "segment_key varchar, valid_from date, valid_to date)"
    )
    for person, segment, first, after in rows:
        db.execute(
            f"insert into segments.{table} values "
            f"('behaviour', ?, ?, {FIRST} + ?::integer, {FIRST} + ?::integer)",
            [person, segment, first, after],
        )


def test_only_who_is_back_in_a_fortnight_counts(db):
    # Person 1 is back after 14 days, 2 after 15, 3 goes on to another, 4 never moves.
    stretches(
        db, "seg_leader_history",
        (1, "a", 0, 5), (1, "b", 5, 19), (1, "a", 19, None),
        (2, "a", 0, 5), (2, "b", 5, 20), (2, "a", 20, None),
        (3, "a", 0, 5), (3, "b", 5, 6), (3, "c", 6, None),
        (4, "a", 0, None),
    )  # fmt: skip
    stretches(db, "seg_membership_history", *((one, "a", 0, None) for one in range(4)))
    plain, sticky = flapping(db).splitlines()[2:]
    assert plain == "| nearest centroid | 4 | 6 | 1 | 0.2500 | 1.00 |"
    assert sticky == "| with memory | 4 | 0 | 0 | 0.0000 | 0.00 |"


def test_a_night_replaces_its_own_rows_only(db):
    def night(number):
        return date(2024, 1, number)

    select = "select date '2024-01-01' as valid_from, 'made' as segment_key"
    steps = [
        Step("segments.remembered", select, ("valid_from",), True),
        Step("segments.made_anew", select, (), False),
    ]
    db.execute(f"create table segments.remembered as {select}")
    db.execute("update segments.remembered set segment_key = 'old'")
    for number in (1, 2, 2):
        replay(db, steps, night(1), night(number))
    assert db.execute("from segments.remembered order by all").fetchall() == [
        (night(1), "made"),
        (night(2), "made"),
    ]
    assert db.execute("from segments.made_anew").fetchall() == [(night(2), "made")]


@pytest.mark.parametrize("keys", [None, "person_key", ["person_key", "valid_from"]])
def test_what_adds_rows_without_a_key_is_not_replayed(keys, tmp_path):
    model = {
        "resource_type": "model",
        "schema": "segments",
        "alias": "remembered",
        "compiled_code": "select 1",
        "config": {"materialized": "incremental", "unique_key": keys},
        "depends_on": {"nodes": []},
    }
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {"model.remembered": model}}))
    if keys is None:
        with pytest.raises(TesseraError, match="remembered has no unique_key"):
            read_steps(manifest)
    else:
        (step,) = read_steps(manifest)
        assert step.keys == ((keys,) if isinstance(keys, str) else tuple(keys))
