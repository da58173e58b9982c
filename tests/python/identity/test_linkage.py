"""The matcher on small tables written by hand: what it is sure of, and what not."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest

from tessera.methods.linkage import match_records
from tessera.methods.linkage.groups import LARGEST_TANGLE, consistent_groups
from tessera.methods.linkage.matches import MATCH_TYPES
from tessera.methods.linkage.records import (
    ATTRIBUTES,
    LARGEST_BLOCK,
    LARGEST_SHARING,
    prepare,
)

GIVEN = [
    "Ada",
    "Bela",
    "Cleo",
    "Dora",
    "Emil",
    "Fritz",
    "Gerd",
    "Hilde",
    "Ines",
    "Jost",
    "Karla",
    "Lutz",
    "Mina",
    "Nils",
]
FAMILY = [
    "Abendroth",
    "Birkholz",
    "Cordes",
    "Dahlke",
    "Eichinger",
    "Fassbender",
    "Gerlach",
    "Hasselhoff",
    "Imhof",
    "Jakobsen",
    "Kirchner",
    "Lindqvist",
    "Morgenstern",
    "Niemeyer",
    "Oberhauser",
    "Pfeiffer",
]
STREETS = ["Lindenweg", "Mozartgasse", "Nordring", "Ostpark", "Parkallee", "Quellgasse"]


def match(rows: list[dict]) -> pd.DataFrame:
    """Match rows by hand; an attribute that a row does not name is null."""
    columns = ("profile_key", *ATTRIBUTES)
    people = pd.DataFrame(
        {
            column: pd.Series(
                [row.get(column) for row in rows],
                dtype="int64" if column == "profile_key" else "str",
            )
            for column in columns
        }
    )
    with duckdb.connect() as connection:
        connection.register("people", people)
        return match_records(connection, connection.table("people"))


def verdicts(matches: pd.DataFrame) -> dict[tuple[int, int], str]:
    return {
        (one.left_profile_key, one.right_profile_key): one.verdict
        for one in matches.itertuples()
    }


# Keys of second records at the home of person 380 and so on: who they are.
TWIN, SON, SPOUSE, SAME = 2_380, 2_382, 2_384, 2_386
SWAPPED = range(50, 60)


def town() -> list[dict]:
    """Make 400 persons of 200 homes; of the first 60, second records stand beside them.

    Person n has key n, the second record of person n has key 1,000 + n. Its family name
    lacks a letter, or has changed places with the first name.
    """
    generator = np.random.default_rng(7)
    days = pd.Timestamp("1950-01-01") + pd.to_timedelta(
        generator.integers(0, 20_000, 400), unit="D"
    )
    people = []
    for number in range(400):
        home = number // 2
        given = GIVEN[int(generator.integers(len(GIVEN)))]
        family = FAMILY[(home * 7) % len(FAMILY)]
        people.append(
            {
                "profile_key": number,
                "first_name": given,
                "last_name": family,
                "birth_date": str(days[number].date()),
                "street_address": f"{home + 1} {STREETS[home % len(STREETS)]}",
                "city": f"Town {home % 9}",
                "postcode": f"{10_000 + 371 * (home % 23)}",
                "email": f"{given}.{family}{number * 37}@example.org".lower(),
            }
        )
    again = []
    for number, person in enumerate(people[:60]):
        given, family = person["first_name"], person["last_name"]
        other = {**person, "profile_key": 1_000 + number, "email": None}
        if number in SWAPPED:
            other |= {"first_name": family, "last_name": given}
        else:
            other["last_name"] = family[:3] + family[4:]
        again.append(other)
    again[5] |= {"city": None, "postcode": None}
    at_home = {
        TWIN: {"first_name": "Wolfgang"},
        SON: {"birth_date": "2011-12-31"},
        SPOUSE: {"first_name": "Wolfgang", "birth_date": "2011-12-31"},
        SAME: {},
    }
    for key, changes in at_home.items():
        again.append(
            {**people[key - 2_000], "profile_key": key, "email": None, **changes}
        )
    return people + again


@pytest.fixture(scope="module")
def town_matches() -> pd.DataFrame:
    return match(town())


def test_second_records_are_linked_and_nobody_else(town_matches):
    links = {
        pair for pair, verdict in verdicts(town_matches).items() if verdict == "link"
    }
    expected = {(number, 1_000 + number) for number in range(60)}
    assert links == expected | {(SAME - 2_000, SAME)}


@pytest.mark.parametrize("key", [TWIN, SON, SPOUSE])
def test_people_of_one_home_are_not_one_person(town_matches, key):
    assert verdicts(town_matches).get((key - 2_000, key)) != "link"


def test_probability_weight_and_verdict_belong_together(town_matches):
    odds = np.exp2(town_matches["match_weight"])
    assert np.allclose(town_matches["match_probability"], odds / (1 + odds))
    assert (town_matches["match_probability"] >= 0.5).all()
    links = town_matches[town_matches["verdict"] == "link"]
    assert (links["match_probability"] >= 0.95).all()


def test_evidence_names_attributes_and_never_values(town_matches):
    evidence = town_matches.set_index("right_profile_key")["evidence"]
    assert evidence[1_000] == "given_name, family_name, birth_date, home"
    named = set(evidence.str.split(", ").explode())
    assert named <= {"given_name", "family_name", "birth_date", "home", "email"}


def test_rows_in_another_order_give_the_same_table(town_matches):
    rows = town()
    np.random.default_rng(3).shuffle(rows)
    pd.testing.assert_frame_equal(match(rows), town_matches)


def test_an_address_of_many_is_nobodys_own():
    with duckdb.connect() as connection:
        connection.execute(
            "create table linkage_given as select range as profile_key, "
            "case when range <= $1 then 'till@shop.example' "
            "else 'two@shop.example' end as email from range($1 + 3)",
            [LARGEST_SHARING],
        )
        table = prepare(connection).table
        kept = connection.execute(f"select distinct email from {table}").fetchall()
    assert set(kept) == {(None,), ("two@shop.example",)}


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="no record"),
        pytest.param([{"profile_key": 1, "first_name": "Ada"}], id="one record"),
        pytest.param([{"profile_key": key} for key in range(5)], id="no attribute"),
        pytest.param(
            [{"profile_key": key, "sex": "female"} for key in range(5)],
            id="nothing to compare by",
        ),
    ],
)
def test_nothing_to_match_gives_no_rows_of_the_right_types(rows):
    found = match(rows)
    assert len(found) == 0
    assert found.dtypes.astype(str).to_dict() == MATCH_TYPES


def test_two_records_are_too_few_to_learn_from_and_yet_matched():
    person = {
        "first_name": "Zoé",
        "last_name": "Quillfeather",
        "birth_date": "1984-03-09",
        "email": "zoe@example.org",
    }
    rows = [
        {"profile_key": 1, **person},
        {"profile_key": 2, **person, "first_name": "zoe"},
        {"profile_key": 3, "first_name": "Ada", "last_name": "Nightingale"},
    ]
    assert verdicts(match(rows)) == {(1, 2): "link"}


def test_the_warehouse_keeps_nothing_of_the_work(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(
            "create table people as select 1 as profile_key, 'A' as city"
        )
        match_records(connection, connection.table("people"))
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
        databases = connection.execute(
            "select database_name from duckdb_databases() where not internal"
        ).fetchall()
    assert tables == [("people",)]
    assert databases == [("warehouse",)]


def test_pairs_grow_with_the_records_however_common_a_name_is():
    with duckdb.connect() as connection:
        connection.execute(
            "create table linkage_given as select range as profile_key, "
            "'Marie' as first_name, 'Martin' as last_name from range(10_000)"
        )
        prepared = prepare(connection)
        largest = [
            connection.execute(
                f"select coalesce(max(n), 0) from (select count(*) as n "
                f"from {prepared.table} where {block} is not null group by {block})"
            ).fetchall()[0][0]
            for block in prepared.blocks
        ]
    assert prepared.blocks
    assert max(largest) <= LARGEST_BLOCK


def groups_of(pairs: list[tuple[int, int, float]]) -> np.ndarray:
    left, right, weight = (np.array(column) for column in zip(*pairs, strict=True))
    return consistent_groups(left, right, weight, link_weight=4.2, excluded_weight=-4.2)


def test_a_chain_is_cut_where_the_other_pairs_deny_it():
    three_and_three = [
        *[(a, b, 9.0) for a, b in ((0, 1), (0, 2), (1, 2))],
        *[(a, b, 9.0) for a, b in ((3, 4), (3, 5), (4, 5))],
    ]
    groups = groups_of([*three_and_three, (2, 3, 6.0)])
    assert len(set(groups[:3])) == len(set(groups[3:])) == 1
    assert groups[0] != groups[3]
    # Five of nine pairs between them are bearable.
    bearable = [(0, 3, -1.0), (0, 4, -1.0), (1, 3, -1.0), (1, 4, -1.0)]
    assert len(set(groups_of([*three_and_three, (2, 3, 6.0), *bearable]))) == 1


def test_a_tangle_too_large_falls_apart_at_its_weakest_links():
    half = LARGEST_TANGLE // 2 + 10
    chain = [(one, one + 1, 20.0) for one in range(half - 1)]
    other = [(half + one, half + one + 1, 20.0) for one in range(half - 1)]
    groups = groups_of([*chain, (half - 1, half, 5.0), *other])
    assert groups[half - 1] != groups[half]
