"""Behaviour of ``tessera.methods.hierarchy``."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.cluster.hierarchy import linkage

from tessera.methods.hierarchy import (
    MERGE_TYPES,
    choose_family_count,
    family_numbers,
    merge_segments,
)

# Three families: two, three and one segment.
CENTROIDS = np.array(
    [[0.0, 0.0], [20.0, 0.0], [0.0, 1.0], [20.0, 1.0], [20.5, 2.0], [0.0, 30.0]]
)
FAMILIES = [1, 2, 1, 2, 2, 3]


def test_with_equal_weights_it_is_the_ward_of_scipy():
    centroids = np.random.default_rng(2).normal(size=(9, 3))
    merges = merge_segments(centroids, [1.0] * 9)
    expected = linkage(centroids, "ward")
    np.testing.assert_allclose(merges["height"], expected[:, 2])
    nodes = merges[["first_node", "second_node"]].to_numpy() - 1
    assert (nodes == np.sort(expected[:, :2], axis=1)).all()
    assert merges["segment_count"].tolist() == expected[:, 3].tolist()


def test_a_share_counts_like_as_many_persons():
    centroids = np.array([[0.0], [2.0], [5.0]])
    persons = np.repeat(centroids, [3, 1, 2], axis=0)
    merges = merge_segments(centroids, [3.0, 1.0, 2.0])
    expected = linkage(persons, "ward")[-2:, 2]
    np.testing.assert_allclose(merges["height"], expected)


def test_planted_families_are_found():
    merges = merge_segments(CENTROIDS, [1 / 6] * 6)
    assert choose_family_count(merges["height"]) == 3
    assert family_numbers(merges, 3).tolist() == FAMILIES


points_and_shares = st.integers(0, 8).flatmap(
    lambda count: st.tuples(
        arrays(float, (count, 2), elements=st.floats(-9, 9, width=32)),
        arrays(float, count, elements=st.floats(0.01, 1)),
    )
)


@given(points_and_shares)
@settings(max_examples=60)
def test_families_are_nested_at_every_depth(given_points):
    centroids, shares = given_points
    merges = merge_segments(centroids, shares)
    heights = merges["height"].to_numpy()
    assert (np.diff(heights) >= -1e-9 * heights.max(initial=0)).all()
    if not len(centroids):
        return
    assert 1 <= choose_family_count(heights) <= len(centroids)
    finer = family_numbers(merges, len(centroids))
    assert finer.tolist() == list(range(1, len(centroids) + 1))
    for count in range(len(centroids) - 1, 0, -1):
        coarser = family_numbers(merges, count)
        assert len(set(coarser)) == count
        assert len(set(zip(finer, coarser, strict=True))) == len(set(finer))
        finer = coarser


@pytest.mark.parametrize(("segments", "families"), [(1, 1), (2, 2), (3, 3), (4, 2)])
def test_few_segments_are_families_of_their_own(segments, families):
    merges = merge_segments(CENTROIDS[:segments], [0.2] * segments)
    assert choose_family_count(merges["height"]) == families


def test_on_a_tie_there_are_the_fewest_families():
    assert choose_family_count([1.0] * 7) == 2
    assert choose_family_count([0.0] * 5) == 2


def test_no_segments_give_no_merge():
    merges = merge_segments(np.zeros((0, 2)), [])
    assert merges.empty
    assert merges.dtypes.astype(str).to_dict() == MERGE_TYPES


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"one value per centroid \(2\)"):
        merge_segments([[0.0], [1.0]], [1.0])
    with pytest.raises(ValueError, match=r"should be > 0, found \[1.0, 0.0\]"):
        merge_segments([[0.0], [1.0]], [1.0, 0.0])
    with pytest.raises(ValueError, match="centroids should be finite, found nan"):
        merge_segments([[np.nan], [1.0]], [1.0, 1.0])
    with pytest.raises(ValueError, match="heights should never fall"):
        choose_family_count([2.0, 1.0])
    with pytest.raises(ValueError, match=r"family_count should be in 1\.\.3, found 4"):
        family_numbers(merge_segments(CENTROIDS[:3], [1.0] * 3), 4)
