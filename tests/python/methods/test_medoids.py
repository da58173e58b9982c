"""Behaviour of ``tessera.methods.medoids``."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from tessera.methods.medoids import MEDOID_TYPES, medoids


def members_of(**keys_by_segment):
    return pd.DataFrame(
        [(key, segment) for segment, keys in keys_by_segment.items() for key in keys],
        columns=["person_key", "segment_key"],
    )


@given(st.integers(0, 10_000), st.integers(2, 25))
@settings(max_examples=40)
def test_nobody_else_is_nearer_to_all_the_others(seed, size):
    rng = np.random.default_rng(seed)
    points, keys = rng.normal(size=(size, 3)), rng.permutation(size)
    found = medoids(points, keys, members_of(a=keys), ["a"])
    sums = (cdist(points, points) ** 2).sum(axis=1)
    assert sums[list(keys).index(found["person_key"].item())] == pytest.approx(
        sums.min()
    )


def test_of_persons_equally_near_the_smallest_key_counts_in_any_order():
    points = np.array([[0.0], [2.0], [1.0], [1.0]])
    keys = [7, 8, 6, 5]
    members = members_of(a=keys)
    assert medoids(points, keys, members, ["a"])["person_key"].item() == 5
    turned = medoids(points[::-1], keys[::-1], members.iloc[::-1], ["a"])
    assert turned["person_key"].item() == 5


def test_only_asked_segments_and_persons_with_a_point_count():
    points = np.array([[0.0], [9.0]])
    members = members_of(a=[1, 3], b=[2], c=[4])
    found = medoids(points, [1, 2], members, ["a", "c"])
    assert found[["segment_key", "person_key"]].values.tolist() == [["a", 1]]


def test_without_dimensions_or_persons_nobody_is_typical():
    for points, keys in ((np.empty((2, 0)), [1, 2]), (np.empty((0, 2)), [])):
        found = medoids(points, keys, members_of(a=keys), ["a"])
        assert found.empty
        assert list(found.columns) == list(MEDOID_TYPES)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="person_keys should have 1 entries, found 2"):
        medoids(np.zeros((1, 1)), [1, 2], members_of(a=[1]), ["a"])
    with pytest.raises(ValueError, match="person_keys should be unique"):
        medoids(np.zeros((2, 1)), [1, 1], members_of(a=[1]), ["a"])
    with pytest.raises(ValueError, match="points should be finite"):
        medoids(np.array([[np.nan]]), [1], members_of(a=[1]), ["a"])
