"""Behaviour of ``tessera.methods.candidates``."""

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import (
    calinski_harabasz_score,
    davies_bouldin_score,
    silhouette_score,
)

from tessera.methods.candidates import CANDIDATE_TYPES, fit_candidates
from tessera.methods.mixture import nearest_centroid
from tessera.methods.partitions import CENTROID_ALGORITHMS
from tessera.methods.structure import shuffled_points

CORNERS = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0], [8.0, 8.0]])


@pytest.fixture(scope="module")
def blobs():
    random = np.random.default_rng(11)
    return np.repeat(CORNERS, 50, axis=0) + random.normal(size=(200, 2))


@pytest.fixture(scope="module")
def found(blobs):
    """Give the candidates of four blobs, of whom the first spends most."""
    return fit_candidates(
        blobs,
        maximum_segment_count=6,
        random_state=0,
        order_by=blobs @ [-2.0, -1.0],
    )


def centroids_of(row):
    return np.array([list(centroid) for centroid in row["centroids"]])


def chosen_of(candidates):
    return candidates[candidates["is_chosen"]].squeeze(axis=0)


def test_planted_groups_are_found(found):
    chosen = chosen_of(found)
    assert chosen["segment_count"] == 4
    assert chosen["is_leading"]
    np.testing.assert_allclose(centroids_of(chosen), CORNERS[[0, 2, 1, 3]], atol=0.5)
    assert list(chosen["person_shares"]) == [0.25] * 4
    np.testing.assert_allclose(list(chosen["within_variance"]), 1, atol=0.4)
    stabilities = ["stability", "subsample_stability", "seed_stability"]
    assert (chosen[stabilities] > 0.99).all()
    assert chosen["held_out_agreement"] == 1.0


def test_every_algorithm_is_tried_and_challengers_have_no_centroids(found):
    scorable = found[found["is_scorable"]]
    assert scorable["algorithm"].drop_duplicates().tolist() == list(CENTROID_ALGORITHMS)
    for algorithm, part in scorable.groupby("algorithm"):
        counts = [1, 3, 4, 5, 6] if algorithm == "k_means" else [3, 4, 5, 6]
        assert part["segment_count"].tolist() == counts
    challengers = found[~found["is_scorable"]]
    assert set(challengers["algorithm"]) == {"gaussian_mixture", "dbscan", "hdbscan"}
    assert challengers[["centroids", "inertia"]].isna().all(axis=None)
    density = found[found["algorithm"].isin(["dbscan", "hdbscan"])]
    assert (density["segment_count"] == 4).all()


def test_figures_equal_those_of_scikit_learn(blobs, found):
    for _, row in found[found["is_scorable"]].iterrows():
        numbers = nearest_centroid(blobs, centroids_of(row))
        spread = ((blobs - centroids_of(row)[numbers - 1]) ** 2).sum()
        assert row["inertia"] == pytest.approx(spread)
        if row["segment_count"] == 1:
            continue
        for column, score in (
            ("silhouette", silhouette_score),
            ("davies_bouldin", davies_bouldin_score),
            ("calinski_harabasz", calinski_harabasz_score),
        ):
            assert row[column] == pytest.approx(score(blobs, numbers))
        assert row["silhouette_low"] < row["silhouette"] < row["silhouette_high"]


def test_the_curves_of_k_means_bend_at_the_planted_number(found):
    curve = found[found["algorithm"] == "k_means"].set_index("segment_count")
    assert curve["is_elbow"].tolist() == [False, False, True, False, False]
    assert curve["gap"].idxmax() == 4
    assert found.loc[found["algorithm"] != "k_means", "gap"].isna().all()


def test_segments_descend_by_the_ordering_value(blobs, found):
    spending = blobs @ [-2.0, -1.0]
    for _, row in found[found["is_scorable"]].iterrows():
        numbers = nearest_centroid(blobs, centroids_of(row))
        means = pd.Series(spending).groupby(numbers).mean()
        assert means.is_monotonic_decreasing


def test_two_runs_give_equal_bits(blobs):
    options = {"random_state": 3, "silhouette_row_limit": 50, "row_limit": 150}
    first, second = (
        fit_candidates(blobs, maximum_segment_count=5, **options) for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=0)


def test_permuted_rows_and_another_seed_find_the_same_segments(blobs, found):
    shuffled = np.random.default_rng(1).permutation(blobs)
    other = fit_candidates(
        shuffled,
        maximum_segment_count=6,
        random_state=1,
        order_by=shuffled @ [-2.0, -1.0],
    )
    np.testing.assert_allclose(
        centroids_of(chosen_of(other)), centroids_of(chosen_of(found))
    )


def test_a_chosen_k_means_is_settled_on_everybody(blobs):
    chosen = chosen_of(
        fit_candidates(blobs, maximum_segment_count=5, random_state=0, row_limit=100)
    )
    whole = np.array([blobs[at : at + 50].mean(axis=0) for at in range(0, 200, 50)])
    found = centroids_of(chosen)
    order = np.lexsort(whole.T[::-1])
    np.testing.assert_allclose(found[np.lexsort(found.T[::-1])], whole[order])


def test_silhouette_is_measured_on_a_bounded_sample(blobs, found):
    part = fit_candidates(
        blobs, maximum_segment_count=6, random_state=0, silhouette_row_limit=40
    )
    both = found.merge(part, on=["algorithm", "segment_count"]).dropna(
        subset="silhouette_x"
    )
    assert not np.allclose(both["silhouette_x"], both["silhouette_y"])


def test_a_ring_around_a_blob_is_led_by_a_challenger():
    random = np.random.default_rng(5)
    angle = random.uniform(0, 2 * np.pi, 300)
    ring = 8 * np.column_stack([np.cos(angle), np.sin(angle)])
    points = np.vstack([ring, np.zeros((150, 2))])
    points = points + 0.5 * random.normal(size=points.shape)
    candidates = fit_candidates(
        points, minimum_segment_count=2, maximum_segment_count=6, random_state=0
    )
    leading = candidates[candidates["is_leading"]].squeeze(axis=0)
    assert (leading["algorithm"], leading["segment_count"]) == ("hdbscan", 2)
    chosen = chosen_of(candidates)
    assert chosen["is_scorable"]
    assert chosen["reason"].endswith("a shape that no centroids follow.")


STRUCTURELESS = {
    "one round blob": lambda random: random.normal(size=(600, 2)),
    "one long blob": lambda random: random.normal(size=(600, 5)) * [5, 2, 1, 1, 1],
    "evenly spread": lambda random: random.random((600, 2)),
    "evenly spread in many directions": lambda random: random.random((600, 8)),
    "few persons, many features": lambda random: random.normal(size=(30, 200)),
}


@pytest.mark.parametrize("kind", STRUCTURELESS)
def test_nothing_is_found_where_there_is_nothing(kind):
    points = STRUCTURELESS[kind](np.random.default_rng(0))
    chosen = chosen_of(fit_candidates(points, maximum_segment_count=5, random_state=0))
    assert chosen["segment_count"] == 1


def test_features_shuffled_one_by_one_are_one_segment():
    """No drawn set has the shape of skewed features with many zeros."""
    random = np.random.default_rng(2)
    level = random.choice([0.0, 2.0, 5.0], size=(900, 1))
    matrix = np.log1p(random.poisson(np.exp(level / 2), size=(900, 7)))
    matrix = (matrix - matrix.mean(axis=0)) / matrix.std(axis=0)
    shuffled = random.permuted(matrix, axis=0)
    for persons, expected in ((matrix, {3}), (shuffled, {1})):
        chosen = chosen_of(
            fit_candidates(
                persons,
                maximum_segment_count=6,
                random_state=0,
                reference=shuffled_points(persons, 7, random_state=0),
            )
        )
        assert {chosen["segment_count"]} == expected


def test_a_feature_that_explodes_leaves_finite_figures(blobs):
    points = np.column_stack([blobs, np.ones(200)])
    points[0, 2] = 1e9
    candidates = fit_candidates(points, maximum_segment_count=5, random_state=0)
    assert candidates["is_chosen"].sum() == 1
    measured = candidates[candidates["segment_count"] > 1]
    assert np.isfinite(measured["silhouette"]).all()


def test_no_persons_give_no_rows_and_types_the_warehouse_keeps():
    candidates = fit_candidates(np.empty((0, 2)), random_state=0)
    assert candidates.empty
    assert list(candidates.columns) == list(CANDIDATE_TYPES)
    types = duckdb.sql("select * from candidates").types
    names = {
        "str": "VARCHAR",
        "int64": "BIGINT",
        "float64": "DOUBLE",
        "bool": "BOOLEAN",
    }
    lists = {"centroids": "DOUBLE[][]"}
    assert [str(kind) for kind in types] == [
        names.get(str(dtype), lists.get(name, "DOUBLE[]"))
        for name, dtype in CANDIDATE_TYPES.items()
    ]


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([[2.0, 3.0]], "1 person: one segment."),
        ([[2.0, 3.0]] * 5, "5 persons, all equal: one segment."),
        ([[0.0, 1e-300], [0.0, 0.0]] * 5, "10 persons, all equal: one segment."),
        (np.empty((4, 0)), "4 persons without any feature: one segment."),
    ],
)
def test_persons_that_cannot_be_told_apart_are_one_segment(points, reason):
    points = np.array(points)
    candidates = fit_candidates(points, random_state=0)
    row = chosen_of(candidates)
    assert len(candidates) == 1
    assert (row["segment_count"], row["reason"]) == (1, reason)
    assert math.isnan(row["silhouette"])
    assert math.isnan(row["davies_bouldin"])
    np.testing.assert_allclose(centroids_of(row), points[:1], atol=1e-12)
    assert list(row["person_shares"]) == [1.0]
    assert list(row["within_variance"]) == [1e-6]


def test_fewer_distinct_profiles_than_the_minimum_are_a_segment_each():
    points = np.array([[0.0], [5.0]] * 4)
    row = chosen_of(fit_candidates(points, random_state=0, order_by=points[:, 0]))
    assert row["segment_count"] == 2
    assert row["reason"] == (
        "8 persons with 2 distinct profiles, fewer than the minimum of 3 segments: "
        "one segment per profile."
    )
    np.testing.assert_allclose(centroids_of(row), [[5.0], [0.0]])
    assert row["silhouette"] == 1.0


def test_perfect_duplicates_are_a_segment_each():
    points = np.repeat([[0.0], [5.0], [9.0], [20.0]], 30, axis=0)
    candidates = fit_candidates(points, random_state=0)
    scorable = candidates[candidates["is_scorable"]]
    assert set(scorable["segment_count"]) == {1, 3, 4}
    assert chosen_of(candidates)["segment_count"] == 4


def test_as_many_segments_as_persons_have_no_index():
    candidates = fit_candidates(np.array([[0.0], [5.0], [9.0]]), random_state=0)
    row = chosen_of(candidates)
    assert row["segment_count"] == 1
    assert math.isnan(row["silhouette"])


def test_bad_arguments_are_named(blobs):
    with pytest.raises(ValueError, match="found 5 and 4"):
        fit_candidates(
            blobs, random_state=0, minimum_segment_count=5, maximum_segment_count=4
        )
    with pytest.raises(ValueError, match="found 1 and 10"):
        fit_candidates(blobs, random_state=0, minimum_segment_count=1)
    with pytest.raises(ValueError, match=r"order_by should hold .*\(200\).*\(3,\)"):
        fit_candidates(blobs, random_state=0, order_by=[1.0, 2.0, 3.0])
    order = np.where(np.arange(200) == 7, np.nan, 1.0)
    with pytest.raises(ValueError, match=r"order_by should be .* nan in row 7"):
        fit_candidates(blobs, random_state=0, order_by=order)
    with pytest.raises(ValueError, match="minimum_segment_share"):
        fit_candidates(blobs, random_state=0, minimum_segment_share=2)
    infinite = blobs.copy()
    infinite[0, 0] = np.inf
    with pytest.raises(ValueError, match="points should be finite, found inf"):
        fit_candidates(infinite, random_state=0)


@settings(max_examples=12)
@given(
    points=arrays(
        "float64",
        st.tuples(st.integers(1, 20), st.integers(0, 3)),
        elements=st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0, 1e-160]),
    )
)
def test_exactly_one_candidate_is_chosen_and_every_list_has_its_length(points):
    candidates = fit_candidates(points, maximum_segment_count=4, random_state=0)
    assert candidates["is_chosen"].sum() == candidates["is_leading"].sum() == 1
    assert candidates["reason"].str.endswith(".").all()
    assert not candidates.duplicated(["algorithm", "segment_count"]).any()
    for _, row in candidates[candidates["is_scorable"]].iterrows():
        count = row["segment_count"]
        assert centroids_of(row).shape == (count, points.shape[1])
        assert sum(row["person_shares"]) == pytest.approx(1)
        assert min(row["person_shares"]) > 0
        assert len(row["within_variance"]) == count
        assert min(row["within_variance"]) >= 1e-6
