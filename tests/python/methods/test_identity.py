"""Components of profiles, and what becomes of those that cannot be one person."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tessera.methods.identity import Limits, connected_profiles, split_components

RULES = pd.DataFrame(
    {
        "identifier_type": ["email", "hashed_email", "phone"],
        "identifier_space": ["email", "email", "phone"],
        "maximum_per_person": [2, 3, 1],
    }
)
KEYS = st.integers(0, 12)
PAIRS = st.lists(st.tuples(KEYS, KEYS), max_size=30)


def links_of(rows):
    """Make links of tuples: left, right and maybe priority, probability, day."""
    filled = [(*row, *(2, 1.0, None)[len(row) - 2 :]) for row in rows]
    columns = ["left_profile_key", "right_profile_key", "priority"]
    return pd.DataFrame(
        filled, columns=[*columns, "match_probability", "linked_on"]
    ).astype(dict.fromkeys(columns, "int64") | {"match_probability": "float64"})


def held(rows):
    return pd.DataFrame(
        rows, columns=["profile_key", "identifier_type", "identifier_key"]
    )


def apart(*pairs):
    return pd.DataFrame(
        [(*pair, "different") for pair in pairs],
        columns=["left_profile_key", "right_profile_key", "decision"],
    )


def parts(keys, links, identifiers=(), decisions=None, maximum_profiles=99):
    """Give the parts as sorted tuples of profile keys."""
    frame = split_components(
        np.array(keys, dtype="int64"),
        links_of(links),
        held(identifiers),
        apart() if decisions is None else decisions,
        Limits(RULES, maximum_profiles),
    )
    assert frame["profile_key"].tolist() == sorted(set(keys))
    groups = frame.groupby("part_key")["profile_key"].apply(tuple)
    assert all(key == group[0] for key, group in groups.items())
    return sorted(groups.tolist())


def as_arrays(pairs):
    return np.array(pairs, dtype="int64").reshape(-1, 2).T


def by_hand(pairs):
    """Components by merging sets, slow and plain."""
    groups = []
    for pair in pairs:
        touched = [group for group in groups if group & set(pair)]
        groups = [group for group in groups if not group & set(pair)]
        groups.append(set(pair).union(*touched))
    return {member: min(group) for group in groups for member in group}


@given(PAIRS)
def test_components_are_those_that_sets_give(pairs):
    found = connected_profiles(*as_arrays(pairs)).to_pydict()
    assert dict(
        zip(found["profile_key"], found["component_key"], strict=True)
    ) == by_hand(pairs)


@given(PAIRS, st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order_of_links(pairs, random):
    shuffled = [pair[:: random.choice([1, -1])] for pair in pairs]
    random.shuffle(shuffled)
    assert connected_profiles(*as_arrays(pairs)).equals(
        connected_profiles(*as_arrays(shuffled))
    )


def test_a_long_chain_and_a_circle_are_one_component():
    length = 200_000
    chain = np.arange(length)
    table = connected_profiles(chain, np.roll(chain, -1))
    assert table.num_rows == length
    assert set(table["component_key"].to_pylist()) == {0}


def test_keys_keep_all_their_63_bits():
    large = 2**63 - 1
    table = connected_profiles(np.array([large - 1]), np.array([large]))
    assert table["profile_key"].to_pylist() == [large - 1, large]


def test_links_within_limits_all_count():
    assert parts([1, 2, 3, 4], [(1, 2), (2, 3, 9, 0.9)]) == [(1, 2, 3), (4,)]


def test_of_two_bridges_the_weaker_is_cut():
    # Two profiles of one phone each may not come together; 3 stands between them.
    phones = [(1, "phone", 70), (2, "phone", 71)]
    links = [(1, 3, 5), (3, 2, 2)]
    assert parts([1, 2, 3], links, phones) == [(1,), (2, 3)]
    assert parts([1, 2, 3], [(1, 3, 2), (3, 2, 5)], phones) == [(1, 3), (2,)]
    likely = [(1, 3, 9, 0.95), (3, 2, 9, 0.97)]
    assert parts([1, 2, 3], likely, phones) == [(1,), (2, 3)]


def test_equally_strong_links_beyond_a_limit_all_go():
    # Nothing says which of the three profiles is the second person.
    emails = [(key, "email", 70 + key) for key in (1, 2, 3)]
    assert parts([1, 2, 3], [(1, 2), (2, 3)], emails) == [(1,), (2,), (3,)]
    assert parts([1, 2], [(1, 2)], emails) == [(1, 2)]


def test_types_of_one_space_are_counted_together_and_equal_values_once():
    hashes = [(1, "email", 7), (2, "hashed_email", 7), (2, "hashed_email", 8)]
    assert parts([1, 2], [(1, 2)], hashes) == [(1, 2)]
    assert parts([1, 2], [(1, 2)], [*hashes, (1, "email", 9)]) == [(1,), (2,)]


def test_too_many_profiles_are_no_person():
    chain = [(key, key + 1, 2 if key % 2 else 5) for key in range(1, 6)]
    assert parts(range(1, 7), chain, maximum_profiles=5) == [(1, 2), (3, 4), (5, 6)]
    assert len(parts(range(1, 7), chain, maximum_profiles=6)) == 1


def test_a_decision_cuts_the_weakest_link_between_two_and_no_more():
    chain = [(1, 2, 2), (2, 3, 5), (3, 4, 2)]
    assert parts([1, 2, 3, 4], chain, decisions=apart((1, 4))) == [(1, 2), (3, 4)]
    # Two ways lead from 1 to 4; both are cut.
    ring = [*chain, (4, 1, 9, 0.9)]
    assert parts([1, 2, 3, 4], ring, decisions=apart((1, 4))) == [(1, 2), (3, 4)]


def test_of_equally_strong_links_a_decision_cuts_the_youngest():
    days = ["2024-01-01", "2024-03-01", "2024-02-01"]
    chain = [
        (one, one + 1, 5, 1.0, day) for one, day in zip((1, 2, 3), days, strict=True)
    ]
    assert parts([1, 2, 3, 4], chain, decisions=apart((1, 4))) == [(1, 2), (3, 4)]
    unknown = [(1, 2, 5, 1.0, "2024-01-01"), (2, 3, 5, 1.0, None)]
    assert parts([1, 2, 3], unknown, decisions=apart((1, 3))) == [(1,), (2, 3)]


def test_different_goes_before_same():
    # Decisions are the strongest links, and yet of three words one cannot be kept.
    same = [(1, 2, 1, 1.0, "2024-01-01"), (2, 3, 1, 1.0, "2024-01-02")]
    assert parts([1, 2, 3], same, decisions=apart((1, 3))) == [(1, 2), (3,)]


def test_a_decision_on_strangers_changes_nothing():
    assert parts([1, 2], [(1, 2)], decisions=apart((7, 8), (1, 9))) == [(1, 2)]


def test_nothing_gives_nothing():
    assert parts([], []) == []
    assert connected_profiles(*as_arrays([])).num_rows == 0


def test_a_crowd_is_split_in_time():
    # Everybody on one shop's number, which a rule let through.
    count = 100_000
    links = [(0, key) for key in range(1, count)]
    emails = [(key, "email", key) for key in range(count)]
    assert len(parts(range(count), links, emails)) == count


LINKS = st.lists(
    st.tuples(KEYS, KEYS, st.sampled_from([2, 5]), st.sampled_from([0.9, 1.0])),
    max_size=25,
)
HELD = st.lists(
    st.tuples(KEYS, st.sampled_from(["email", "phone"]), st.integers(0, 5)),
    max_size=25,
    unique=True,
)


@settings(max_examples=60)
@given(LINKS, HELD, PAIRS, st.integers(1, 6), st.randoms(use_true_random=False))
def test_parts_keep_every_limit_in_any_order(links, rows, pairs, most, random):
    keys = list(range(13))
    decisions = apart(*{tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]})
    found = parts(keys, links, rows, decisions, most)
    assert (
        parts(
            random.sample(keys, len(keys)),
            random.sample(links, len(links)),
            random.sample(rows, len(rows)),
            decisions,
            most,
        )
        == found
    )
    together = by_hand([pair[:2] for pair in links])
    forbidden = {tuple(pair) for pair in decisions.to_numpy()[:, :2].tolist()}
    for part in found:
        assert len({together.get(key, key) for key in part}) == 1
        assert not forbidden & set(combinations(part, 2))
        if len(part) > 1:
            assert len(part) <= most
            for kind, limit in (("email", 2), ("phone", 1)):
                values = {row[2] for row in rows if row[0] in part and row[1] == kind}
                assert len(values) <= limit


@pytest.mark.parametrize("column", ["priority", "linked_on"])
def test_a_missing_column_is_named(column):
    with pytest.raises(ValueError, match=column):
        split_components(
            np.array([1]), links_of([]).drop(columns=column), held([]), apart(),
            Limits(RULES, 9),
        )  # fmt: skip
