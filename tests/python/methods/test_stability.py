"""Behaviour of ``tessera.methods.stability``."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from tessera.methods.mixture import nearest_centroid
from tessera.methods.stability import bootstrap_stability

CORNERS = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


@pytest.fixture
def blobs():
    random = np.random.default_rng(2)
    return np.repeat(CORNERS, 60, axis=0) + random.normal(size=(180, 2))


def test_separate_groups_are_stable(blobs):
    stability = bootstrap_stability(blobs, CORNERS, random_state=0)
    assert stability.shape == (3,)
    assert (stability > 0.98).all()


def test_a_group_cut_in_two_is_less_stable_than_a_whole_one(blobs):
    centroids = np.array([[-0.5, 0.0], [0.5, 0.0], [10.0, 0.0], [0.0, 10.0]])
    halves, whole = np.split(bootstrap_stability(blobs, centroids, random_state=0), [2])
    assert halves.max() < whole.min()


def test_one_segment_is_always_found_again(blobs):
    assert bootstrap_stability(blobs, [[3.0, 3.0]], random_state=0).tolist() == [1.0]


def test_two_runs_give_equal_bits(blobs):
    first, second = (
        bootstrap_stability(blobs, CORNERS + 2.0, random_state=4, sample_size_limit=90)
        for _ in range(2)
    )
    assert first.tolist() == second.tolist()


def test_a_segment_without_members_is_not_called_stable(blobs):
    centroids = np.vstack([CORNERS, [500.0, 500.0]])
    assert bootstrap_stability(blobs, centroids, random_state=0)[3] == 0.0


def test_resamples_that_miss_a_segment_do_not_count_against_it(blobs):
    hermit = np.array([[500.0, 500.0]])
    points, centroids = np.vstack([blobs, hermit]), np.vstack([CORNERS, hermit])
    assert bootstrap_stability(points, centroids, random_state=0)[3] == 1.0


def test_similarity_is_that_of_sets_of_persons(blobs):
    centroids = CORNERS + 3.0
    random = np.random.default_rng(9)
    drawn = np.unique(random.integers(180, size=180))
    seed = int(random.integers(2**31))
    refitted = KMeans(3, n_init=5, random_state=seed).fit_predict(blobs[drawn])
    original = nearest_centroid(blobs[drawn], centroids)
    new = [set(drawn[refitted == label]) for label in range(3)]
    old = [set(drawn[original == number]) for number in (1, 2, 3)]
    expected = [max(len(a & b) / len(a | b) for b in new) for a in old]
    stability = bootstrap_stability(blobs, centroids, resample_count=1, random_state=9)
    np.testing.assert_allclose(stability, expected)
    assert stability.min() < 1


def test_empty_inputs_give_zeros_or_nothing(blobs):
    none = np.empty((0, 2))
    assert bootstrap_stability(none, CORNERS, random_state=0).tolist() == [0, 0, 0]
    assert bootstrap_stability(blobs, none, random_state=0).tolist() == []


@pytest.mark.parametrize(
    ("points", "centroids", "expected"),
    [
        ([[1.0]], [[0.0], [9.0]], [1.0, 0.0]),
        ([[1.0]] * 8, [[0.0], [9.0]], [1.0, 0.0]),
        (np.empty((3, 0)), np.empty((1, 0)), [1.0]),
    ],
)
def test_too_few_distinct_persons_are_not_an_error(points, centroids, expected):
    stability = bootstrap_stability(np.array(points), centroids, random_state=0)
    assert stability.tolist() == expected


@pytest.mark.parametrize("name", ["resample_count", "sample_size_limit", "n_init"])
def test_counts_below_one_are_refused(blobs, name):
    with pytest.raises(ValueError, match=f"{name} should be >= 1, found 0"):
        bootstrap_stability(blobs, CORNERS, random_state=0, **{name: 0})


def test_null_points_are_refused(blobs):
    blobs[4, 1] = np.nan
    with pytest.raises(ValueError, match="row 4, column 1"):
        bootstrap_stability(blobs, CORNERS, random_state=0)
