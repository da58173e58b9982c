"""Behaviour of ``tessera.methods.partitions``, ``.agreement`` and ``.structure``."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from tessera.methods.agreement import (
    agreed_density_partition,
    agreement_matrix,
    intrinsic_dimension,
)
from tessera.methods.mixture import nearest_centroid
from tessera.methods.partitions import (
    CENTROID_ALGORITHMS,
    part_by_centroids,
    part_by_density,
    part_by_mixture,
    part_by_reach,
)
from tessera.methods.structure import (
    best_silhouette,
    shuffled_points,
    structureless_silhouette,
)

CORNERS = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]])
PLANTED = np.repeat([0, 1, 2], 60)


@pytest.fixture(scope="module")
def blobs():
    return CORNERS[PLANTED] + np.random.default_rng(2).normal(size=(180, 2))


@pytest.mark.parametrize("algorithm", CENTROID_ALGORITHMS)
def test_every_algorithm_finds_separate_groups_for_every_count_asked(blobs, algorithm):
    found = part_by_centroids(blobs, algorithm, [1, 3, 5], random_state=0)
    assert [len(found[count]) for count in (1, 3, 5)] == [1, 3, 5]
    numbers = nearest_centroid(blobs, found[3])
    assert adjusted_rand_score(PLANTED, numbers) == 1.0


@pytest.mark.parametrize("algorithm", CENTROID_ALGORITHMS)
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_fewer_or_equal_persons_give_fewer_centroids(algorithm, rows):
    found = part_by_centroids(
        np.repeat([[1.0, 2.0]], rows, axis=0), algorithm, [2, 4], random_state=0
    )
    for count in (2, 4):
        assert 1 <= len(found[count]) <= min(count, rows)
        assert (found[count] == [1.0, 2.0]).all()


def test_an_unknown_algorithm_is_named(blobs):
    with pytest.raises(ValueError, match=r"should be one of .*, found 'optics'"):
        part_by_centroids(blobs, "optics", [2], random_state=0)


def test_a_mixture_parts_crossed_clouds_that_centroids_cut():
    random = np.random.default_rng(1)
    cloud = random.normal(size=(400, 2)) * [6.0, 0.3]
    points = np.vstack([cloud, cloud[:, ::-1]])
    partition, _ = part_by_mixture(points, 2, random_state=0)
    planted = np.repeat([0, 1], 400)
    centroids = part_by_centroids(points, "k_means", [2], random_state=0)[2]
    by_centroid = adjusted_rand_score(planted, nearest_centroid(points, centroids))
    assert adjusted_rand_score(planted, partition.numbers) > by_centroid + 0.3


def test_a_mixture_of_more_numbers_than_persons_is_not_fitted(blobs):
    assert part_by_mixture(blobs[:20], 5, random_state=0) is None


def test_noise_goes_to_the_nearest_and_is_told_by_the_coverage(blobs):
    hermits = np.array([[30.0, 0.0], [0.0, 30.0]])
    partition = part_by_density(
        np.vstack([blobs, hermits]), minimum_samples=5, minimum_cluster_size=20
    )
    assert partition.segment_count == 3
    assert partition.coverage < 1
    assert partition.numbers[180] == partition.numbers[60]
    assert partition.numbers[181] == partition.numbers[120]


def test_a_cluster_below_the_share_is_no_segment(blobs):
    points = np.vstack([blobs, [30.0, 30.0] + blobs[:8] / 10])
    sizes = {"minimum_samples": 5, "minimum_cluster_size": 5}
    every = part_by_density(points, **sizes)
    large = part_by_density(points, **sizes, minimum_segment_share=0.1)
    assert every.numbers[-1] not in every.numbers[:180]
    assert large.segment_count == 3


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_few_persons_are_one_segment_of_density(blobs, rows):
    few = blobs[:rows]
    by_density = part_by_density(few, minimum_samples=5, minimum_cluster_size=5)
    assert by_density.numbers.tolist() == part_by_reach(few).numbers.tolist()
    assert by_density.numbers.tolist() == [0] * rows


def test_agreement_is_the_adjusted_rand_index_of_scikit_learn():
    random = np.random.default_rng(3)
    partitions = [random.integers(count, size=90) for count in (2, 3, 7)]
    matrix = agreement_matrix(partitions)
    for first, one in enumerate(partitions):
        for second, other in enumerate(partitions):
            expected = adjusted_rand_score(one, other)
            assert matrix[first, second] == pytest.approx(expected)


def test_a_partition_that_parts_nobody_agrees_with_none():
    matrix = agreement_matrix([np.zeros(4, dtype=int), np.array([0, 0, 1, 1])])
    assert matrix.tolist() == [[0.0, 0.0], [0.0, 1.0]]
    assert agreement_matrix([]).shape == (0, 0)


@pytest.mark.parametrize(("directions", "low", "high"), [(1, 0.8, 1.3), (4, 3.0, 4.5)])
def test_directions_are_counted_however_many_axes_there_are(directions, low, high):
    random = np.random.default_rng(4)
    hidden = random.random((800, directions))
    turned = hidden @ np.linalg.qr(random.normal(size=(9, 9)))[0][:directions]
    assert low < intrinsic_dimension(turned) < high
    assert intrinsic_dimension(turned[:9]) == 9


def test_settings_agree_on_groups_and_not_on_noise(blobs):
    options = {"minimum_segment_share": 0.02, "random_state": 0}
    partition, agreement = agreed_density_partition(blobs, **options)
    assert adjusted_rand_score(PLANTED, partition.numbers) == 1.0
    assert agreement > 0.9
    noise = np.random.default_rng(6).normal(size=(500, 2))
    assert agreed_density_partition(noise, **options)[1] < 0.45


def test_groups_beat_persons_without_structure(blobs):
    floor = structureless_silhouette(blobs, [2, 3, 4], random_state=0)
    assert 0.2 < floor < 0.6
    assert best_silhouette(blobs, [2, 3, 4], random_state=0) > 0.7
    assert best_silhouette(blobs[:0], [2], random_state=0) == -1.0
    assert structureless_silhouette(blobs[:1], [2], random_state=0) == -1.0


def test_shuffled_features_keep_their_values_and_lose_their_company():
    values = np.repeat([[0.0, 0.0], [4.0, 1.0]], 100, axis=0)
    shuffled = shuffled_points(values, 2, random_state=0)
    distinct, counts = np.unique(shuffled.round(6), axis=0, return_counts=True)
    assert len(distinct) == 4
    assert counts.min() > 30
    assert shuffled_points(values[:1], 2, random_state=0).shape == (0, 1)
