"""Centroids that follow the days, and what a refit makes of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans

from tessera.methods.mixture import nearest_centroid
from tessera.methods.online import (
    FOLLOWED_TYPES,
    LEAST_VARIANCE,
    REACH,
    SUMS_COLUMNS,
    TRIAL_TYPES,
    Followed,
    compare_with_refit,
    followed_centroids,
    move_centroids,
    sum_night,
)

RANDOM = np.random.default_rng(11)
CENTRES = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])
BLOBS = np.repeat(CENTRES, 200, axis=0) + RANDOM.normal(size=(600, 2))
MEANS = BLOBS.reshape(3, 200, 2).mean(axis=1)
START = Followed(CENTRES + 0.5, np.full(3, 200.0), 1.0)
POINTS = st.integers(1, 20).flatmap(
    lambda count: arrays("float64", (count, 2), elements=st.floats(-1e3, 1e3))
)


def follow(points, former, nights, forgetting):
    """Follow the same persons for some nights."""
    for _ in range(nights):
        night = sum_night(points, former)
        former = move_centroids(former, night, forgetting=forgetting)
    return former


def test_without_forgetting_the_same_persons_lead_to_their_mean():
    found = follow(BLOBS, START, 2_000, forgetting=1.0)
    np.testing.assert_allclose(found.centroids, MEANS, atol=1e-3)
    assert found.weights.tolist() == [200 * 2_001] * 3


def test_with_forgetting_they_lead_there_in_few_nights():
    found = follow(BLOBS, START, 60, forgetting=0.5)
    np.testing.assert_allclose(found.centroids, MEANS, atol=1e-9)
    # What is remembered is as if two nights spoke, and as far from them as persons are.
    np.testing.assert_allclose(found.weights, 400, rtol=1e-9)
    assert found.pooled_variance == pytest.approx(1, rel=0.1)


def test_a_drift_is_followed_where_the_fit_stays_behind():
    former, moved = START, BLOBS.copy()
    for _ in range(40):
        moved[:200] += [0.1, 0.0]
        former = move_centroids(former, sum_night(moved, former), forgetting=0.8)
    middle = moved[:200].mean(axis=0)
    # Four nights behind, each by a tenth: that is what a factor of .8 remembers.
    assert np.abs(former.centroids[0] - middle).max() < 0.5
    assert np.abs(START.centroids[0] - middle).max() > 3
    np.testing.assert_allclose(former.centroids[1:], MEANS[1:], atol=0.1)


@given(POINTS, st.floats(0, 1))
def test_a_segment_nearest_to_nobody_stays_and_loses_weight(points, forgetting):
    former = Followed(np.array([[0.0, 0.0], [1e6, 1e6]]), np.array([3.0, 7.0]), 2.0)
    night = sum_night(points, former)
    found = move_centroids(former, night, forgetting=forgetting)
    assert night.counts.tolist() == [len(points), 0]
    assert found.centroids[1].tolist() == [1e6, 1e6]
    assert found.weights[1] == 7 * forgetting


@given(POINTS, st.floats(0, 1), st.integers(1, 5))
def test_no_night_moves_a_centroid_further_than_the_reach(points, forgetting, days):
    former = Followed(CENTRES, np.array([5.0, 1.0, 0.0]), 0.25)
    night = sum_night(points, former)
    found = move_centroids(former, night, forgetting=forgetting, gone_days=days)
    assert np.abs(found.centroids - CENTRES).max() <= REACH * 0.5 + 1e-9
    assert found.pooled_variance <= max(0.25, (REACH * 0.5) ** 2) + 1e-9
    assert found.weights.sum() == pytest.approx(6 * forgetting**days + len(points))


def test_one_person_who_explodes_hardly_moves_her_segment():
    exploded = BLOBS.copy()
    exploded[0] = [-1e9, -1e9]
    usual = follow(BLOBS, START, 1, forgetting=0.9).centroids
    found = follow(exploded, START, 1, forgetting=0.9).centroids
    # By six standard deviations, of which hers is one of 380 voices.
    assert np.abs(found - usual).max() < 2 * REACH / 380


@given(POINTS)
def test_the_order_of_persons_does_not_matter(points):
    night, other = sum_night(points, START), sum_night(points[::-1], START)
    assert night.counts.tolist() == other.counts.tolist()
    np.testing.assert_allclose(night.deviations, other.deviations, atol=1e-9)


def test_days_left_out_count():
    night = sum_night(BLOBS, START)
    once = move_centroids(START, night, forgetting=0.5, gone_days=3)
    assert once.weights.tolist() == [225, 225, 225]
    unchanged = move_centroids(START, sum_night([], START), forgetting=0.5, gone_days=0)
    assert unchanged.weights.tolist() == [200, 200, 200]
    assert unchanged.centroids.tolist() == START.centroids.tolist()


def test_persons_all_alike_keep_a_spread():
    found = follow(
        np.zeros((5, 1)), Followed(np.zeros((1, 1)), np.ones(1), 1.0), 99, 0.5
    )
    assert found.pooled_variance == LEAST_VARIANCE


def test_nobody_ever_leaves_all_as_it_is():
    former = Followed(CENTRES, np.zeros(3), 1.0)
    found = move_centroids(former, sum_night([], former), forgetting=0.5)
    assert found.centroids.tolist() == CENTRES.tolist()
    assert found.pooled_variance == 1


def test_forgetting_is_a_share():
    with pytest.raises(ValueError, match=r"forgetting should be in 0\.\.1, found 1\.5"):
        move_centroids(START, sum_night(BLOBS, START), forgetting=1.5)


def sums_table(points, former):
    night = sum_night(points, former)
    return pd.DataFrame(
        {
            "segment_number": [1, 2, 3],
            "coordinates": former.centroids.tolist(),
            "person_weight": former.weights,
            "person_share": former.weights / former.weights.sum(),
            "pooled_variance": former.pooled_variance,
            "gone_days": 1,
            "person_count": night.counts,
            "deviation_sums": [
                row if count else None
                for row, count in zip(
                    night.deviations.tolist(), night.counts, strict=True
                )
            ],
            "square_sum": [night.square_sum, 0.0, 0.0],
        }
    )


def test_the_table_says_what_the_method_does():
    points = BLOBS[:400]
    found = followed_centroids(sums_table(points, START), forgetting=0.5)
    expected = follow(points, START, 1, forgetting=0.5)
    assert found["coordinates"].tolist() == expected.centroids.tolist()
    assert found["person_weight"].tolist() == expected.weights.tolist()
    assert found["person_share"].iloc[2] == 100 / 700
    assert found["person_share"].sum() == pytest.approx(1)
    assert found["pooled_variance"].tolist() == [expected.pooled_variance] * 3


def test_a_night_without_segments_has_typed_columns():
    found = followed_centroids(pd.DataFrame(columns=SUMS_COLUMNS), forgetting=0.9)
    assert found.empty
    assert dict(found.dtypes.astype(str)) == {
        name: str(pd.Series(dtype=kind).dtype) for name, kind in FOLLOWED_TYPES.items()
    }


def test_centroids_of_a_refit_are_as_good_as_a_refit():
    refit = KMeans(3, init=CENTRES, n_init=1).fit(BLOBS)
    found = compare_with_refit(BLOBS, refit.cluster_centers_, CENTRES + 3).iloc[0]
    assert found["agreement"] == 1
    assert found["distance_excess"] == pytest.approx(0, abs=1e-12)
    assert found["share_change"] == 0
    assert found["sample_size"] == 600
    # Those of the fit, which are off, are told beside.
    assert found["fitted_agreement"] < 1
    assert found["fitted_distance_excess"] > 0.5


def test_the_figures_are_those_of_the_persons():
    online = CENTRES + np.array([[0, 0], [0, 0], [4.0, -4.0]])
    found = compare_with_refit(BLOBS, online, CENTRES).iloc[0]
    refit = KMeans(3, init=CENTRES, n_init=1).fit(BLOBS)
    numbers = nearest_centroid(BLOBS, online) - 1
    distance = ((BLOBS - online[numbers]) ** 2).sum()
    assert found["distance_excess"] == pytest.approx(distance / refit.inertia_ - 1)
    change = np.abs(np.bincount(numbers) - np.bincount(refit.labels_)) / 600
    assert found["share_change"] == pytest.approx(change.max())


def test_one_segment_agrees_with_itself():
    found = compare_with_refit(BLOBS, [[0.0, 0.0]], [[1.0, 1.0]]).iloc[0]
    assert found["agreement"] == 1
    assert found["distance_excess"] > 0


def test_where_all_are_alike_any_distance_is_infinitely_too_long():
    same = np.zeros((4, 1))
    found = compare_with_refit(same, [[1.0]], [[0.0]]).iloc[0]
    assert found["distance_excess"] == np.inf
    assert found["fitted_distance_excess"] == 0


@pytest.mark.parametrize(
    ("points", "centroids"),
    [([], []), (np.empty((5, 0)), np.empty((2, 0))), ([[1.0]], [[1.0], [2.0]])],
)
def test_with_nothing_to_compare_there_is_no_row(points, centroids):
    found = compare_with_refit(points, centroids, centroids)
    assert found.empty
    assert found.dtypes.astype(str).to_dict() == TRIAL_TYPES
