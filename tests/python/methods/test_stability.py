"""Behaviour of ``tessera.methods.stability``."""

import numpy as np
import pytest

from tessera.methods.mixture import nearest_centroid
from tessera.methods.partitions import part_by_centroids
from tessera.methods.stability import (
    SCHEMES,
    held_out_agreement,
    segment_stability,
    stability_table,
)

CORNERS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


@pytest.fixture
def blobs():
    random = np.random.default_rng(2)
    return np.repeat(CORNERS, 60, axis=0) + random.normal(size=(180, 2))


def test_separate_groups_are_stable(blobs):
    stability = segment_stability(blobs, CORNERS, random_state=0)
    assert stability.shape == (3,)
    assert (stability > 0.98).all()


def test_a_group_cut_in_two_is_less_stable_than_a_whole_one(blobs):
    centroids = np.array([[-0.5, 0.0], [0.5, 0.0], [10.0, 0.0], [0.0, 10.0]])
    halves, whole = np.split(segment_stability(blobs, centroids, random_state=0), [2])
    assert halves.max() < whole.min()


def test_one_segment_is_always_found_again(blobs):
    assert segment_stability(blobs, [[3.0, 3.0]], random_state=0).tolist() == [1.0]


def test_two_runs_give_equal_bits(blobs):
    first, second = (
        segment_stability(blobs, CORNERS + 2.0, random_state=4, sample_size_limit=90)
        for _ in range(2)
    )
    assert first.tolist() == second.tolist()


def test_a_segment_without_members_is_not_called_stable(blobs):
    centroids = np.vstack([CORNERS, [500.0, 500.0]])
    assert segment_stability(blobs, centroids, random_state=0)[3] == 0.0


def test_resamples_that_miss_a_segment_do_not_count_against_it(blobs):
    hermit = np.array([[500.0, 500.0]])
    points, centroids = np.vstack([blobs, hermit]), np.vstack([CORNERS, hermit])
    assert segment_stability(points, centroids, random_state=0)[3] == 1.0


def test_similarity_is_that_of_sets_of_persons(blobs):
    centroids = CORNERS + 3.0
    random = np.random.default_rng(9)
    drawn = np.unique(random.integers(180, size=180))
    seed = int(random.integers(2**31))
    fitted = part_by_centroids(blobs[drawn], "k_means", [3], random_state=seed)[3]
    refitted = nearest_centroid(blobs[drawn], fitted) - 1
    original = nearest_centroid(blobs[drawn], centroids)
    new = [set(drawn[refitted == label]) for label in range(3)]
    old = [set(drawn[original == number]) for number in (1, 2, 3)]
    expected = [max(len(a & b) / len(a | b) for b in new) for a in old]
    stability = segment_stability(blobs, centroids, resample_count=1, random_state=9)
    np.testing.assert_allclose(stability, expected)
    assert stability.min() < 1


def test_empty_inputs_give_zeros_or_nothing(blobs):
    none = np.empty((0, 2))
    assert segment_stability(none, CORNERS, random_state=0).tolist() == [0, 0, 0]
    assert segment_stability(blobs, none, random_state=0).tolist() == []


@pytest.mark.parametrize(
    ("points", "centroids", "expected"),
    [
        ([[1.0]], [[0.0], [9.0]], [1.0, 0.0]),
        ([[1.0]] * 8, [[0.0], [9.0]], [1.0, 0.0]),
        (np.empty((3, 0)), np.empty((1, 0)), [1.0]),
    ],
)
def test_too_few_distinct_persons_are_not_an_error(points, centroids, expected):
    stability = segment_stability(np.array(points), centroids, random_state=0)
    assert stability.tolist() == expected


@pytest.mark.parametrize("name", ["resample_count", "sample_size_limit"])
def test_counts_below_one_are_refused(blobs, name):
    with pytest.raises(ValueError, match=f"{name} should be >= 1, found 0"):
        segment_stability(blobs, CORNERS, random_state=0, **{name: 0})


def test_null_points_are_refused(blobs):
    blobs[4, 1] = np.nan
    with pytest.raises(ValueError, match="row 4, column 1"):
        segment_stability(blobs, CORNERS, random_state=0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_scheme_tells_a_real_group_from_half_of_one(blobs, scheme):
    noise = np.random.default_rng(7).normal(size=(400, 2))
    real = segment_stability(blobs, CORNERS, scheme=scheme, random_state=0)
    assert (real > 0.98).all()
    # Thirds of one round blob lie anywhere; without a redraw only the starts differ.
    thirds = segment_stability(noise, CORNERS / 10 - 0.3, scheme=scheme, random_state=0)
    assert thirds.mean() < 0.9


def test_a_held_out_half_agrees_on_real_groups_and_not_on_pieces_of_one(blobs):
    assert held_out_agreement(blobs, CORNERS, random_state=0) == 1.0
    noise = np.random.default_rng(7).normal(size=(400, 2))
    pieces = held_out_agreement(noise, np.zeros((5, 2)), random_state=0)
    assert pieces < 0.8


@pytest.mark.parametrize(("rows", "segments"), [(180, 1), (7, 3), (0, 3)])
def test_without_enough_to_compare_a_held_out_half_says_nothing(blobs, rows, segments):
    assert np.isnan(
        held_out_agreement(blobs[:rows], CORNERS[:segments], random_state=0)
    )


def test_the_table_has_a_row_per_segment(blobs):
    table = stability_table(blobs, CORNERS, random_state=0, resample_count=3)
    assert table["segment_number"].tolist() == [1, 2, 3]
    assert (table.drop(columns="segment_number") > 0.9).all(axis=None)
    assert stability_table(blobs, np.zeros((0, 2)), random_state=0).empty


def test_unknown_ways_are_named(blobs):
    with pytest.raises(ValueError, match=r"algorithm should be one of .* 'optics'"):
        segment_stability(blobs, CORNERS, algorithm="optics", random_state=0)
    with pytest.raises(ValueError, match=r"scheme should be one of .* 'jackknife'"):
        segment_stability(blobs, CORNERS, scheme="jackknife", random_state=0)
