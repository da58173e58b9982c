"""Behaviour of ``tessera.methods.indices``."""

import math

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from tessera.methods.indices import (
    calinski_harabasz,
    davies_bouldin,
    dunn,
    elbow,
    gap_statistics,
    silhouettes,
)

CORNERS = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])


@pytest.fixture(scope="module")
def blobs():
    random = np.random.default_rng(2)
    return np.repeat(CORNERS, 250, axis=0) + random.normal(size=(750, 2))


def test_silhouettes_of_many_partitions_are_those_of_scikit_learn(blobs):
    random = np.random.default_rng(1)
    partitions = [random.integers(count, size=750) for count in (2, 3, 9)]
    partitions.append(np.r_[0, np.ones(749, dtype="int64")])
    for numbers, found in zip(partitions, silhouettes(blobs, partitions), strict=True):
        expected = silhouette_samples(blobs, numbers)
        assert found.mean == pytest.approx(expected.mean())
        assert found.standard_error == pytest.approx(expected.std() / math.sqrt(750))
        low, high = found.interval
        assert high - low == pytest.approx(2 * 1.96 * found.standard_error)


def test_the_interval_covers_the_silhouette_of_everybody(blobs):
    numbers = np.repeat([0, 1, 2], 250)
    [whole] = silhouettes(blobs, [numbers])
    covered = 0
    for seed in range(40):
        rows = np.random.default_rng(seed).choice(750, 100, replace=False)
        low, high = silhouettes(blobs[rows], [numbers[rows]])[0].interval
        covered += low <= whole.mean <= high
    assert covered >= 34


@pytest.mark.parametrize("numbers", [[0, 0, 0], [0, 1, 2]])
def test_one_segment_or_as_many_as_persons_have_no_index(numbers):
    points, numbers = np.array([[0.0], [1.0], [5.0]]), np.array(numbers)
    assert math.isnan(silhouettes(points, [numbers])[0].mean)
    for index in (davies_bouldin, calinski_harabasz, dunn):
        assert math.isnan(index(points, numbers))


def test_nobody_and_no_partition_have_no_silhouette():
    nobody = np.empty((0, 2))
    assert math.isnan(silhouettes(nobody, [np.empty(0, dtype="int64")])[0].mean)
    assert silhouettes(nobody, []) == []


def test_more_than_ten_thousand_persons_are_refused():
    points = np.zeros((10_001, 1))
    with pytest.raises(ValueError, match="at most 10000 persons, found 10001"):
        silhouettes(points, [])
    with pytest.raises(ValueError, match="number 2 persons, found shape"):
        silhouettes(points[:2], [np.zeros(3, dtype="int64")])


def test_dunn_is_least_separation_over_greatest_diameter(blobs):
    numbers = np.repeat([0, 1, 2], 250)
    distances = np.sqrt(((blobs[:, None] - blobs[None]) ** 2).sum(axis=2))
    is_same = numbers[:, None] == numbers[None]
    expected = distances[~is_same].min() / distances[is_same].max()
    assert dunn(blobs, numbers) == pytest.approx(expected)
    assert dunn(np.array([[0.0], [0.0], [1.0]]), np.array([0, 0, 1])) == math.inf


def test_the_gap_is_widest_at_the_planted_number_and_nowhere_in_one_blob(blobs):
    gaps = gap_statistics(blobs, [1, 2, 3, 4, 5], random_state=0)
    assert max(gaps, key=lambda count: gaps[count][0]) == 3
    noise = np.random.default_rng(3).random((300, 2))
    gaps = gap_statistics(noise, [1, 2, 3], random_state=0)
    # Tibshirani's rule: the first count whose gap the next does not surely exceed.
    assert gaps[1][0] >= gaps[2][0] - gaps[2][1]


def test_without_spread_there_is_no_gap():
    assert math.isnan(gap_statistics(np.ones((5, 2)), [1], random_state=0)[1][0])


@pytest.mark.parametrize(
    ("inertias", "knee"),
    [([100.0, 40.0, 10.0, 8.0, 7.0], 3), ([5.0, 5.0, 5.0], None), ([9.0, 1.0], None)],
)
def test_the_elbow_is_where_the_inertia_bends(inertias, knee):
    assert elbow(range(1, len(inertias) + 1), inertias) == knee
