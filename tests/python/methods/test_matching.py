"""Keys that survive a refit."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.methods.matching import (
    KEY_TYPES,
    OVERLAP_TYPES,
    match_segments,
    segment_overlaps,
)


def overlaps_of(former, new, points=None):
    points = np.zeros((len(new), 1)) if points is None else points
    return segment_overlaps(points, np.asarray(former), np.asarray(new))


def keys_of(former, new, points=None, **settings):
    former_keys = {int(number): f"old-{number}" for number in np.unique(former)}
    matched = match_segments(
        overlaps_of(former, new, points),
        former_keys,
        sorted(set(new)),
        prefix="new-",
        founder="second",
        **settings,
    )
    return dict(zip(matched["segment_number"], matched["segment_key"], strict=True))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=60), st.permutations(range(6)))
def test_renumbered_segments_keep_their_keys(former, order):
    new = [order[number - 1] + 1 for number in former]
    assert keys_of(former, new) == {
        order[number - 1] + 1: f"old-{number}" for number in set(former)
    }


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=60)
)
def test_no_two_segments_have_one_key(pairs):
    former, new = zip(*pairs, strict=True)
    keys = keys_of(former, new)
    assert set(keys) == set(new)
    assert len(set(keys.values())) == len(keys)


def test_a_similarity_of_three_tenths_is_enough_and_less_is_not():
    # Ten persons in either segment, of whom six, or five, are in both.
    enough = [1] * 10 + [2] * 3, [1] * 3 + [2] * 7 + [1] * 3
    overlaps = overlaps_of(*enough).set_index(
        ["former_segment_number", "segment_number"]
    )
    assert overlaps.loc[(1, 2), "jaccard"] == 0.7
    assert overlaps.loc[(2, 1), "jaccard"] == 0.5
    assert set(keys_of(*enough).values()) == {"old-1", "old-2"}
    assert keys_of(*enough, minimum_jaccard=0.5)[1] == "old-2"
    assert keys_of(*enough, minimum_jaccard=0.51)[1].startswith("new-")


def test_equal_similarities_go_to_the_nearer():
    former = [1, 1, 2, 2]
    new = [1, 2, 1, 2]
    # Segment 1 of the new model lies where segment 2 of the former did.
    points = np.array([[4.0], [0.0], [5.0], [0.0]])
    overlaps = overlaps_of(former, new, points)
    assert overlaps["jaccard"].nunique() == 1
    assert keys_of(former, new, points) == {1: "old-2", 2: "old-1"}


def test_one_more_segment_is_new_and_the_others_stay():
    former = [1] * 30 + [2] * 30
    new = [1] * 30 + [2] * 20 + [3] * 10
    keys = keys_of(former, new)
    assert (keys[1], keys[2]) == ("old-1", "old-2")
    assert keys[3].startswith("new-")


def test_the_order_of_persons_changes_no_key():
    random = np.random.default_rng(1)
    former, new = random.integers(1, 5, 200), random.integers(1, 6, 200)
    points = random.normal(size=(200, 3))
    order = random.permutation(200)
    assert keys_of(former, new, points, minimum_jaccard=0.0) == keys_of(
        former[order], new[order], points[order], minimum_jaccard=0.0
    )


def test_a_first_model_has_keys_of_its_own_that_come_out_alike():
    nothing = overlaps_of([], [], np.empty((0, 2)))
    assert nothing.dtypes.astype(str).to_dict() == OVERLAP_TYPES
    first, again = (
        match_segments(nothing, {}, [1, 2], prefix="s-", founder="v") for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, again)
    assert first["former_segment_key"].isna().all()
    assert first["segment_key"].nunique() == 2


def test_a_model_without_segments_has_no_keys():
    nothing = overlaps_of([], [], np.empty((0, 0)))
    empty = match_segments(nothing, {}, [], prefix="s-", founder="v")
    assert empty.dtypes.astype(str).to_dict() == KEY_TYPES


def test_a_key_in_use_is_not_given_twice():
    nothing = overlaps_of([], [], np.empty((0, 2)))
    (taken,) = match_segments(nothing, {}, [1], prefix="s-", founder="v")["segment_key"]
    (other,) = match_segments(nothing, {9: taken}, [1], prefix="s-", founder="v")[
        "segment_key"
    ]
    assert other != taken


def test_a_former_segment_without_a_key_is_refused():
    with pytest.raises(ValueError, match="former segments \\[2\\] should have a key"):
        match_segments(
            overlaps_of([1, 2], [1, 1]), {1: "a"}, [1], prefix="s-", founder="v"
        )


def test_lists_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="equal lengths, found 2, 1 and 2"):
        segment_overlaps(np.zeros((2, 1)), np.array([1]), np.array([1, 1]))
