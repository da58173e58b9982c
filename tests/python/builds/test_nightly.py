"""Nights in a row: a history, edges that keep to the clamp, and the last good state."""

import json
import subprocess
import sys
from datetime import date, timedelta

import pytest

from tessera.cli import main
from tessera.nightly import Night, nights_between

FIRST = date(2024, 1, 1)
PERSONS = 30
# Only `stg_ingest__lake_loads` reads the lake's folders, not a source.
SELECTION = (
    "--select", "source:shop+,+fct_thresholds",
    "--select", "stg_ingest__lake_loads",
    "--exclude", "resource_type:test,test_type:generic",
)  # fmt: skip
FOLLOWS = "thresholds_follow_from_the_night_before"
HISTORY = """
    select
        as_of_date, scope, scope_value, variable, edges, raw_edges, previous_on, reason
    from marts.fct_thresholds order by all
"""


def day(number):
    return FIRST + timedelta(days=number)


def nightly(workspace, *arguments):
    """Run `tessera nightly --json` as a user does: exit code, nights, messages."""
    done = subprocess.run(
        [sys.executable, "-m", "tessera.cli", "nightly", "--json", *arguments],
        cwd=workspace.root,
        env=workspace.variables_of_a_newcomer(),
        capture_output=True,
        text=True,
        check=False,
    )
    nights = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, nights, done.stderr


def sales_by(orders):
    """One order a person and entry of `orders`, of her own size times its factor."""
    return [
        (f"c{person}", day(number), (person + 1) * factor)
        for number, factor in orders
        for person in range(PERSONS)
    ]


@pytest.fixture(scope="module")
def nights(new_shop, small_shop):
    """Two nights, the last of a holiday; then the first once more, with late orders.

    Each run's answer and the history after it are kept.
    """
    workspace = new_shop("nightly")
    runs = {}

    def run(name, *arguments):
        runs[name] = (*nightly(workspace, *arguments), workspace.query(HISTORY))

    workspace.load(**small_shop(sales_by([(0, 1), (1, 50)])))
    run("in_order", "--as-of", str(day(0)), "--until", str(day(1)), *SELECTION)
    run("again", "--as-of", str(day(1)), *SELECTION)
    late = small_shop(sales_by([(0, 1), (1, 50), (0, 9)]))
    workspace.load(loaded_on=date(2024, 7, 2), **late)
    run("rebuilt", "--as-of", str(day(0)), *SELECTION, "--select", FOLLOWS)
    seed = workspace.root / "seeds" / "thresholds.csv"
    seed.write_text(seed.read_text().replace("kmeans_breaks", "guesswork"))
    run(
        "failed", "--as-of", str(day(1)), "--until", str(day(2)),
        "--select", "thresholds",
    )  # fmt: skip
    return workspace, runs


def edges_of(history, night, column=4):
    """Edges of everybody's money on a night; column 5 as found, 7 the reason."""
    (row,) = [
        row
        for row in history
        if (row[0], row[1], row[3]) == (night, "all", "monetary_amount")
    ]
    return row[column]


@pytest.mark.slow
def test_nights_in_a_row_give_a_history_of_each(nights):
    _, runs = nights
    code, built, messages, history = runs["in_order"]
    assert (code, messages) == (0, "")
    assert [night["as_of_date"] for night in built] == [str(day(0)), str(day(1))]
    assert all(night["succeeded"] and night["model_count"] > 20 for night in built)
    assert {(row[0], row[6]) for row in history if row[1] == "all"} == {
        (day(0), None),
        (day(1), day(0)),
    }


@pytest.mark.slow
def test_a_first_night_is_as_found_and_a_holiday_is_held_back(nights):
    _, runs = nights
    history = runs["in_order"][3]
    first = edges_of(history, day(0))
    assert first == edges_of(history, day(0), 5) == [7, 13, 19, 25]
    # 51 times as much was found; a tenth is allowed.
    assert edges_of(history, day(1), 5) == [357, 663, 969, 1275]
    assert edges_of(history, day(1)) == pytest.approx([7.7, 14.3, 20.9, 27.5])
    assert edges_of(history, day(1), 7) == (
        "Moved by up to 10.0 % since 2024-01-01; found were up to 5000.0 %. "
        "Held back at 10.0 %: 4 of 4 edges."
    )


@pytest.mark.slow
def test_a_night_run_twice_gives_one_result(nights):
    _, runs = nights
    assert runs["again"][3] == runs["in_order"][3]
    assert runs["again"][2] == ""


@pytest.mark.slow
def test_a_past_night_is_built_again_and_says_what_follows(nights):
    _, runs = nights
    code, built, messages, history = runs["rebuilt"]
    assert code == 0
    before = runs["in_order"][3]
    # Ten times as much, and as found once more: no night lies before it.
    assert edges_of(history, day(0)) == [70, 130, 190, 250]
    # The later night stays as it was, and is named.
    assert [row for row in history if row[0] == day(1)] == [
        row for row in before if row[0] == day(1)
    ]
    assert built[0]["warnings"] == [FOLLOWS]
    assert "1 later night stems from what was before; build it again: " in messages
    assert f"tessera nightly --as-of {day(1)} --until {day(1)}" in messages


@pytest.mark.slow
def test_a_failing_night_is_the_last_and_leaves_the_good_state(nights):
    workspace, runs = nights
    code, built, messages, history = runs["failed"]
    assert code == 1
    assert [night["as_of_date"] for night in built] == [str(day(1))]
    assert not built[0]["succeeded"]
    assert any("accepted_values_thresholds" in name for name in built[0]["failures"])
    assert "tessera.duckdb holds the night before" in messages
    assert history == runs["rebuilt"][3]
    assert workspace.warehouse.with_suffix(".failed.duckdb").exists()
    assert not workspace.warehouse.with_suffix(".last_good.duckdb").exists()


def test_the_last_night_cannot_lie_before_the_first():
    from click.testing import CliRunner

    result = CliRunner().invoke(
        main, ["nightly", "--as-of", "2024-01-02", "--until", "2024-01-01"]
    )
    assert result.exit_code == 1
    assert "--until 2024-01-01 lies before --as-of 2024-01-02" in result.output
    assert nights_between(FIRST, None) == [FIRST]


def test_a_night_is_one_line_of_json():
    night = Night(FIRST, False, 1.5, 2, 3, ("warned",), ("failed",))
    assert json.loads(night.as_json()) == {
        "as_of_date": "2024-01-01",
        "succeeded": False,
        "seconds": 1.5,
        "model_count": 2,
        "test_count": 3,
        "warnings": ["warned"],
        "failures": ["failed"],
    }
