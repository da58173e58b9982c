"""Behaviour of ``tessera.methods.mixture``."""

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.mixture import GaussianMixture

from tessera.methods.mixture import (
    nearest_centroid,
    segment_probabilities,
    squared_distances,
)

CENTROIDS = np.array([[0.0, 0.0], [3.0, 1.0], [-2.0, 4.0]])
SHARES = [0.5, 0.3, 0.2]
VARIANCES = [1.0, 2.0, 0.5]


@pytest.fixture
def points():
    return np.random.default_rng(5).normal(scale=3, size=(200, 2))


def test_probabilities_equal_those_of_a_spherical_mixture(points):
    pooled = np.dot(SHARES, VARIANCES)
    mixture = GaussianMixture(3, covariance_type="spherical")
    mixture.weights_, mixture.means_ = np.array(SHARES), CENTROIDS
    mixture.covariances_ = np.full(3, pooled)
    mixture.precisions_cholesky_ = 1 / np.sqrt(mixture.covariances_)
    np.testing.assert_allclose(
        segment_probabilities(points, CENTROIDS, SHARES, VARIANCES),
        mixture.predict_proba(points),
        atol=1e-12,
    )


def test_shares_need_not_sum_to_one(points):
    np.testing.assert_allclose(
        segment_probabilities(points, CENTROIDS, [5, 3, 2], VARIANCES),
        segment_probabilities(points, CENTROIDS, SHARES, VARIANCES),
    )


def test_a_segment_without_persons_has_probability_zero(points):
    probabilities = segment_probabilities(points, CENTROIDS, [1, 1, 0], VARIANCES)
    assert (probabilities[:, 2] == 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_a_person_far_from_everyone_still_has_probabilities():
    far = segment_probabilities([[1e6, 1e6]], CENTROIDS, SHARES, [1e-6] * 3)
    np.testing.assert_allclose(far, [[0, 1, 0]])


def test_with_equal_shares_the_nearest_centroid_leads(points):
    probabilities = segment_probabilities(points, CENTROIDS, [1, 1, 1], VARIANCES)
    leaders = probabilities.argmax(axis=1) + 1
    np.testing.assert_array_equal(leaders, nearest_centroid(points, CENTROIDS))


def test_without_dimensions_everyone_has_the_shares():
    probabilities = segment_probabilities(np.empty((2, 0)), np.empty((1, 0)), [1], [1])
    np.testing.assert_array_equal(probabilities, [[1.0], [1.0]])


def test_empty_inputs_give_empty_outputs_of_the_same_shape():
    none = np.empty((0, 2))
    assert segment_probabilities(none, CENTROIDS, SHARES, VARIANCES).shape == (0, 3)
    assert segment_probabilities(np.ones((4, 2)), none, [], []).shape == (4, 0)
    assert nearest_centroid(none, CENTROIDS).tolist() == []
    assert nearest_centroid(none, none).tolist() == []


def test_ties_go_to_the_lowest_number():
    assert nearest_centroid([[0.0]], [[1.0], [-1.0], [1.0]]).tolist() == [1]


def test_distances_equal_those_of_sql_to_the_bit(points):
    first, second = points.T.tolist()
    rows = duckdb.execute(
        """
        select
            (x - 3.3::double) * (x - 3.3::double)
            + (y - 1.1::double) * (y - 1.1::double)
        from (select unnest(?::double[]) as x, unnest(?::double[]) as y)
        """,
        [first, second],
    ).fetchall()
    expected = squared_distances(points, [[3.3, 1.1]])[:, 0].tolist()
    assert [row[0] for row in rows] == expected


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"points": [[np.nan, 0]]}, "points should be finite, found nan in row 0"),
        ({"points": [0.0, 1.0]}, "points should have 2 dimensions, found 1"),
        ({"points": [[0.0]]}, "equal dimensions, found 1 and 2"),
        ({"centroids": [[np.inf, 0]] * 3}, "centroids should be finite, found inf"),
        (
            {"person_shares": [1, 1]},
            r"one value per centroid \(3\), found shape \(2,\)",
        ),
        ({"person_shares": [1, -1, 1]}, "person_shares should be >= 0"),
        ({"person_shares": [0, 0, 0]}, "sum above 0"),
        ({"person_shares": [1, None, 1]}, "person_shares should be finite"),
        ({"within_variance": [1, 0, 1]}, "within_variance should be > 0"),
    ],
)
def test_bad_arguments_are_named(changed, message):
    arguments = {
        "points": [[0.0, 0.0]],
        "centroids": CENTROIDS,
        "person_shares": SHARES,
        "within_variance": VARIANCES,
    }
    with pytest.raises(ValueError, match=message):
        segment_probabilities(**(arguments | changed))


def test_persons_without_centroids_have_no_nearest():
    with pytest.raises(ValueError, match="at least 1 row, found 0"):
        nearest_centroid([[1.0]], np.empty((0, 1)))


@settings(max_examples=60)
@given(
    points=arrays("float64", (4, 3), elements=st.floats(-1e6, 1e6)),
    centroids=arrays("float64", (5, 3), elements=st.floats(-1e6, 1e6)),
    shares=arrays("float64", 5, elements=st.floats(0.001, 1)),
    variance=st.floats(1e-6, 1e6),
)
def test_probabilities_sum_to_one(points, centroids, shares, variance):
    probabilities = segment_probabilities(points, centroids, shares, [variance] * 5)
    assert ((probabilities >= 0) & (probabilities <= 1 + 1e-12)).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
