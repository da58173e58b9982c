"""What is left out before texts are compared could not have weighed enough."""

from __future__ import annotations

import random
from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from tessera.methods.linkage import candidates, matches
from tessera.methods.linkage.candidates import pairs_worth_weighing
from tessera.methods.linkage.matches import learn, score
from tessera.methods.linkage.records import prepare
from tessera.methods.linkage.rules import COMPARISONS

from .test_linkage import town
from .test_linkage_nights import table_of

NEEDS = [
    pytest.param(level, id=f"{one.name}: {level.label}")
    for one in COMPARISONS
    for level in one.levels
    if level.agreeing
]


@pytest.fixture
def prepared_town():
    with duckdb.connect() as connection:
        connection.register("people", table_of(town()))
        connection.execute("create table linkage_given as from people")
        yield connection, prepare(connection)


def all_pairs(connection, prepared, *_, fresh_only=False, **__):
    """Give every pair of every block, whatever it could weigh."""
    either = " and (a.is_fresh or b.is_fresh)" if fresh_only else ""
    listed = " union ".join(
        "select a.profile_key as one, b.profile_key as other "
        f"from {prepared.table} as a inner join {prepared.table} as b "
        f"on a.{block} = b.{block} and a.profile_key < b.profile_key{either}"
        for block in prepared.blocks
    )
    found = connection.execute(f"{listed} order by all").fetchnumpy()
    return np.asarray(found["one"]), np.asarray(found["other"])


def test_pairs_weighed_some_at_a_time_weigh_the_same(monkeypatch, prepared_town):
    connection, prepared = prepared_town
    learned = learn(connection, prepared)
    at_once = score(connection, prepared, learned)
    asked = []

    def counted(*given):
        asked.append(len(given[2][0]))
        return answers(*given)

    answers = matches._answers
    monkeypatch.setattr(matches, "_answers", counted)
    monkeypatch.setattr(matches, "PAIRS_AT_ONCE", 400)
    monkeypatch.setattr(candidates, "RECORDS_AT_ONCE", 70)
    pd.testing.assert_frame_equal(score(connection, prepared, learned), at_once)
    assert len(asked) > 2
    assert max(asked) == 400


@pytest.mark.parametrize("match_share", [1e-9, 3e-9])
@pytest.mark.parametrize("fresh_only", [False, True])
def test_what_is_left_out_would_not_have_weighed_enough(
    monkeypatch, prepared_town, fresh_only, match_share
):
    connection, prepared = prepared_town
    learned = learn(connection, prepared)
    # As in a city: the more records there are, the more has to speak for a pair.
    parameters = replace(learned.parameters, match_share=match_share)
    learned = replace(learned, parameters=parameters)
    connection.execute(f"alter table {prepared.table} add column is_fresh boolean")
    connection.execute(f"update {prepared.table} set is_fresh = profile_key % 5 = 0")
    counts = {}

    def counted(name, way):
        def give(*given, **named):
            pairs = way(*given, **named)
            counts[name] = len(pairs[0])
            return pairs

        monkeypatch.setattr(matches, "pairs_worth_weighing", give)
        return score(connection, prepared, learned, fresh_only=fresh_only)

    few = counted("few", pairs_worth_weighing)
    pd.testing.assert_frame_equal(few, counted("all", all_pairs))
    assert len(few)
    assert counts["few"] < counts["all"] / 2


def slipped(text: str, dice: random.Random) -> str:
    """Change a text by no, one or two slips of the keyboard."""
    letters = list(text)
    for _ in range(dice.randrange(3)):
        place = dice.randrange(len(letters))
        match dice.randrange(4):
            case 0:
                letters[place] = dice.choice("ab12")
            case 1:
                letters.insert(place, dice.choice("ab12"))
            case 2 if len(letters) > 1:
                del letters[place]
            case 3 if place:
                letters[place - 1 : place + 1] = letters[place - 1 : place + 1][::-1]
    return "".join(letters)


@pytest.fixture(scope="module")
def slips():
    """Give pairs of records alike but for slips, missing values and exchanged ones."""
    dice = random.Random(11)
    lengths = {"phone": range(1, 12), "birth_date": [8], "postcode": [5]}
    columns = sorted(
        {
            *(column for one in COMPARISONS for column in one.columns),
            "postcode_area",
            "mailbox",
            "mailbox_digits",
        }
    )
    rows = []
    for _ in range(4_000):
        row = {}
        for column in columns:
            size = dice.choice(list(lengths.get(column, range(3, 9))))
            text = "".join(dice.choices("123" if column in lengths else "ab1", k=size))
            sides = [text, slipped(text, dice)]
            sides = [None if dice.random() < 0.1 else one for one in sides]
            row |= {f"{column}_l": sides[0], f"{column}_r": sides[1]}
        rows.append(row)
    with duckdb.connect() as connection:
        connection.register("slips", pd.DataFrame(rows).astype("str"))
        connection.execute("create table pairs as from slips")
        names = [f"{column}_{side}" for column in columns for side in "lr"]
        for name in names:
            connection.execute(
                f"update pairs set {name} = null where {name} in ('None', 'nan')"
            )
        yield connection, columns


@pytest.mark.parametrize("level", NEEDS)
def test_a_level_holds_only_where_what_it_needs_is_equal(slips, level):
    connection, columns = slips
    left, right = (
        "(select rowid as place, "
        + ", ".join(f"{column}_{side} as {column}" for column in columns)
        + " from pairs)"
        for side in "lr"
    )
    met = " or ".join(
        "(" + " and ".join(group) + ")"
        for group in (
            [f"equal_{number}_{place}" for place in range(len(group))]
            for number, group in enumerate(level.agreeing)
        )
    )
    equal = {
        f"equal_{number}_{place}": expression
        for number, group in enumerate(level.agreeing)
        for place, expression in enumerate(group)
    }
    named = ", ".join(f"{expression} as {name}" for name, expression in equal.items())
    sides = [f"(select place, {named} from {side})" for side in (left, right)]
    answers = ", ".join(
        f"coalesce(a.{name} = b.{name}, false) as {name}" for name in equal
    )
    holds, unmet = connection.execute(
        f"select count(*), count(*) filter (not ({met})) from pairs "
        f"inner join (select a.place, {answers} from {sides[0]} as a "
        f"inner join {sides[1]} as b on a.place = b.place) as answers "
        f"on pairs.rowid = answers.place where {level.condition}"
    ).fetchall()[0]
    assert holds > 10
    assert unmet == 0
