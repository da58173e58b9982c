"""Behaviour of ``tessera.methods.candidates``."""

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans
from sklearn.metrics import davies_bouldin_score, silhouette_score

from tessera.methods._choice import choose_candidate
from tessera.methods.candidates import CANDIDATE_TYPES, fit_candidates
from tessera.methods.mixture import nearest_centroid

CORNERS = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0], [8.0, 8.0]])


@pytest.fixture
def blobs():
    random = np.random.default_rng(11)
    return np.repeat(CORNERS, 50, axis=0) + random.normal(size=(200, 2))


def centroids_of(row):
    return np.array([list(centroid) for centroid in row["centroids"]])


def chosen_of(candidates):
    return candidates[candidates["is_chosen"]].squeeze(axis=0)


def candidate(count, silhouette, davies_bouldin, smallest=0.1):
    return {
        "segment_count": count,
        "silhouette": silhouette,
        "davies_bouldin": davies_bouldin,
        "person_shares": [1 - smallest, smallest],
    }


def choice_of(*candidates):
    return choose_candidate(
        candidates, silhouette_tolerance=0.02, minimum_segment_share=0.02
    )


def test_planted_groups_are_found(blobs):
    value = blobs @ [-2.0, -1.0]
    candidates = fit_candidates(
        blobs, maximum_segment_count=7, random_state=0, order_by=value
    )
    assert candidates["segment_count"].tolist() == [3, 4, 5, 6, 7]
    assert candidates.loc[candidates["is_elbow"], "segment_count"].tolist() == [4]
    chosen = chosen_of(candidates)
    assert chosen["segment_count"] == 4
    np.testing.assert_allclose(centroids_of(chosen), CORNERS[[0, 2, 1, 3]], atol=0.5)
    assert list(chosen["person_shares"]) == [0.25] * 4
    np.testing.assert_allclose(list(chosen["within_variance"]), 1, atol=0.4)


def test_figures_equal_those_of_scikit_learn(blobs):
    candidates = fit_candidates(blobs, random_state=0)
    for _, row in candidates.iterrows():
        numbers = nearest_centroid(blobs, centroids_of(row))
        assert row["silhouette"] == pytest.approx(silhouette_score(blobs, numbers))
        assert row["davies_bouldin"] == pytest.approx(
            davies_bouldin_score(blobs, numbers)
        )
        model = KMeans(row["segment_count"], n_init=10, random_state=0).fit(blobs)
        assert row["inertia"] == pytest.approx(model.inertia_)


def test_segments_descend_by_the_ordering_value(blobs):
    spending = -blobs[:, 0] * 100 + blobs[:, 1]
    candidates = fit_candidates(blobs, random_state=0, order_by=spending)
    for _, row in candidates.iterrows():
        numbers = nearest_centroid(blobs, centroids_of(row))
        means = pd.Series(spending).groupby(numbers).mean()
        assert means.is_monotonic_decreasing


def test_two_runs_give_equal_bits(blobs):
    settings = {"random_state": 3, "silhouette_sample_size": 50}
    first, second = (fit_candidates(blobs, **settings) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=0)


def test_permuted_rows_find_the_same_planted_segments(blobs):
    shuffled = np.random.default_rng(1).permutation(blobs)
    first, second = (
        chosen_of(fit_candidates(points, random_state=0))
        for points in (blobs, shuffled)
    )
    np.testing.assert_allclose(centroids_of(first), centroids_of(second))


def test_silhouette_is_measured_on_a_bounded_sample(blobs):
    whole = fit_candidates(blobs, random_state=0)
    part = fit_candidates(blobs, random_state=0, silhouette_sample_size=40)
    assert not np.allclose(whole["silhouette"], part["silhouette"])
    assert whole["davies_bouldin"].tolist() == part["davies_bouldin"].tolist()


def test_lowest_davies_bouldin_wins_among_close_silhouettes():
    chosen, reasons = choice_of(
        candidate(3, 0.50, 0.9), candidate(4, 0.49, 0.7), candidate(5, 0.47, 0.1)
    )
    assert chosen == 4
    assert reasons == {
        3: "K = 3: Davies-Bouldin 0.900 is above that of K = 4 (0.700).",
        4: "K = 4: lowest Davies-Bouldin 0.700 among the 2 candidates whose "
        "silhouette is within 0.02 of the best (0.500).",
        5: "K = 5: silhouette 0.470 is more than 0.02 below the best (0.500).",
    }


def test_an_index_tie_goes_to_the_smaller_count():
    chosen, reasons = choice_of(candidate(3, 0.5, 0.7), candidate(4, 0.5, 0.7))
    assert chosen == 3
    assert reasons[4].endswith("equals that of the smaller K = 3 (0.700).")


def test_a_candidate_with_a_tiny_segment_is_set_aside():
    chosen, reasons = choice_of(
        candidate(3, 0.4, 0.9, smallest=0.02), candidate(4, 0.9, 0.1, smallest=0.0199)
    )
    assert chosen == 3
    assert reasons[3].startswith("K = 3: highest silhouette (0.400)")
    assert reasons[4] == (
        "K = 4: its smallest segment holds 2.0% of persons, less than 2.0%."
    )


def test_when_every_candidate_has_a_tiny_segment_the_rest_of_the_rule_holds():
    chosen, reasons = choice_of(
        candidate(3, 0.4, 0.9, smallest=0.01), candidate(4, 0.9, 0.1, smallest=0.01)
    )
    assert chosen == 4
    assert all("Every K has a segment below 2.0%." in text for text in reasons.values())


def test_without_any_silhouette_the_smallest_count_is_chosen():
    undefined = math.nan
    chosen, _ = choice_of(candidate(3, undefined, 0.5), candidate(4, undefined, 0.4))
    assert chosen == 3
    chosen, reasons = choice_of(candidate(3, undefined, 0.1), candidate(4, 0.2, 0.4))
    assert chosen == 4
    assert reasons[3] == "K = 3: silhouette is undefined on so few persons."


def test_no_candidates_cannot_be_chosen_from():
    with pytest.raises(ValueError, match="at least 1 candidate"):
        choice_of()


def test_no_persons_give_no_rows_and_types_the_warehouse_keeps():
    candidates = fit_candidates(np.empty((0, 2)), random_state=0)
    assert candidates.empty
    assert list(candidates.columns) == list(CANDIDATE_TYPES)
    types = duckdb.sql("select * from candidates").types
    assert [str(kind) for kind in types] == [
        "VARCHAR",
        "BIGINT",
        "DOUBLE",
        "DOUBLE",
        "DOUBLE",
        "BOOLEAN",
        "BOOLEAN",
        "VARCHAR",
        "DOUBLE[][]",
        "DOUBLE[]",
        "DOUBLE[]",
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


def test_counts_above_the_distinct_profiles_are_left_out():
    points = np.repeat([[0.0], [5.0], [9.0], [20.0]], 3, axis=0)
    candidates = fit_candidates(points, random_state=0)
    assert candidates["segment_count"].tolist() == [3, 4]
    assert chosen_of(candidates)["segment_count"] == 4


def test_as_many_segments_as_persons_have_no_index():
    candidates = fit_candidates(np.array([[0.0], [5.0], [9.0]]), random_state=0)
    row = chosen_of(candidates)
    assert row["segment_count"] == 3
    assert math.isnan(row["silhouette"])
    assert row["reason"].startswith("K = 3: silhouette is undefined")


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
    blobs[0, 0] = np.inf
    with pytest.raises(ValueError, match="points should be finite, found inf"):
        fit_candidates(blobs, random_state=0)


@settings(max_examples=40, deadline=None)
@given(
    points=arrays(
        "float64",
        st.tuples(st.integers(1, 20), st.integers(0, 3)),
        elements=st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0, 1e-160]),
    )
)
def test_exactly_one_candidate_is_chosen_and_every_list_has_its_length(points):
    candidates = fit_candidates(
        points, maximum_segment_count=5, n_init=2, random_state=0
    )
    assert candidates["is_chosen"].sum() == 1
    assert candidates["reason"].str.endswith(".").all()
    for _, row in candidates.iterrows():
        count = row["segment_count"]
        assert centroids_of(row).shape == (count, points.shape[1])
        assert sum(row["person_shares"]) == pytest.approx(1)
        assert min(row["person_shares"]) > 0
        assert len(row["within_variance"]) == count
        assert min(row["within_variance"]) >= 1e-6
