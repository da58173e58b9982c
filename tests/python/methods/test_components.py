"""Behaviour of ``tessera.methods.components``."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.decomposition import PCA

from tessera.methods.components import (
    COMPONENT_TYPES,
    fit_components,
    name_axes,
    project,
)

FEATURES = ["orders", "categories", "recency", "discount", "coupons"]


@pytest.fixture
def matrix():
    random = np.random.default_rng(3)
    loyal, thrifty = random.normal(size=(2, 500))
    noise = 0.3 * random.normal(size=(500, 5))
    values = np.column_stack([loyal, loyal, -loyal, thrifty, thrifty]) + noise
    return (values - values.mean(axis=0)) / values.std(axis=0)


@pytest.fixture
def labels():
    return pd.DataFrame(
        [
            ("orders", "Buys often", "Buys rarely"),
            ("categories", "Many categories", "Few categories"),
            ("recency", "Lapsed", "Recent"),
            ("discount", "On discount", "At full price"),
            ("coupons", "Coupons", "No coupons"),
        ],
        columns=["feature", "label_high", "label_low"],
    )


def test_scores_equal_those_of_scikit_learn_up_to_sign(matrix):
    components = fit_components(matrix, FEATURES, minimum_variance_share=1.0)
    expected = PCA(svd_solver="full").fit_transform(matrix)
    scores = project(matrix, components)
    np.testing.assert_allclose(np.abs(scores), np.abs(expected), atol=1e-10)


def test_loadings_are_the_correlations_of_features_and_scores(matrix):
    weighted = matrix * [1.0, 2.0, 1.0, 0.5, 1.0] + 3.0
    components = fit_components(weighted, FEATURES, minimum_variance_share=1.0)
    scores = project(weighted, components)
    expected = np.corrcoef(scores.T, weighted.T)[:5, 5:]
    np.testing.assert_allclose(
        components["loading"].to_numpy().reshape(5, 5), expected, atol=1e-10
    )


def test_explained_variance_is_the_variance_of_the_scores(matrix):
    components = fit_components(matrix, FEATURES, minimum_variance_share=1.0)
    figures = components.drop_duplicates("component")
    np.testing.assert_allclose(
        figures["explained_variance"], project(matrix, components).var(axis=0, ddof=1)
    )
    assert figures["explained_variance_share"].sum() == pytest.approx(1)


def test_variance_rule_keeps_the_fewest_components_that_reach_the_share(matrix):
    shares = PCA().fit(matrix).explained_variance_ratio_.cumsum()
    for kept, reached in enumerate(shares[:3], start=1):
        for share, count in ((reached, kept), (reached + 1e-6, kept + 1)):
            components = fit_components(matrix, FEATURES, minimum_variance_share=share)
            assert components["component"].max() == count


def test_kaiser_rule_keeps_eigenvalues_above_the_mean(matrix):
    components = fit_components(matrix, FEATURES, rule="kaiser")
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(matrix.T))
    assert components["component"].max() == np.sum(eigenvalues > 1) == 2


def test_kaiser_rule_does_not_depend_on_a_common_weight(matrix):
    counts = {
        fit_components(weight * matrix, FEATURES, rule="kaiser")["component"].max()
        for weight in (0.1, 1.0, 10.0)
    }
    assert counts == {2}


def test_largest_loading_of_each_component_is_positive(matrix):
    for values in (matrix, -matrix):
        components = fit_components(values, FEATURES, minimum_variance_share=1.0)
        for _, part in components.groupby("component"):
            assert part["loading"].iloc[part["loading"].abs().argmax()] > 0


def test_on_a_tie_of_loadings_the_first_feature_is_positive():
    line = np.linspace(-1, 1, 9)
    components = fit_components(np.column_stack([-line, line]), ["debit", "credit"])
    np.testing.assert_allclose(components["loading"], [1.0, -1.0])


def test_order_of_rows_changes_rounding_only(matrix):
    shuffled = np.random.default_rng(0).permutation(matrix)
    pd.testing.assert_frame_equal(
        fit_components(shuffled, FEATURES), fit_components(matrix, FEATURES)
    )


def test_two_runs_give_equal_bits(matrix):
    first, second = (fit_components(matrix, FEATURES) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("shape", "names"),
    [((0, 2), ["orders", "recency"]), ((1, 2), ["orders", "recency"]), ((5, 0), [])],
)
def test_too_few_persons_or_features_give_no_rows(shape, names):
    components = fit_components(np.zeros(shape), names)
    assert components.empty
    assert components.dtypes.astype(str).to_dict() == COMPONENT_TYPES
    assert project(np.zeros(shape), components).shape == (shape[0], 0)
    labels = pd.DataFrame(columns=["feature", "label_high", "label_low"])
    assert name_axes(components, labels) == {}


@pytest.mark.parametrize("rule", ["variance", "kaiser"])
def test_equal_persons_give_one_component_without_variance(rule):
    components = fit_components(np.ones((4, 2)), ["orders", "recency"], rule=rule)
    assert components["component"].tolist() == [1, 1]
    assert components["loading"].tolist() == [0.0, 0.0]
    assert components["explained_variance_share"].tolist() == [0.0, 0.0]
    np.testing.assert_allclose(project(np.ones((4, 2)), components), 0)


def test_a_constant_feature_has_no_loading(matrix):
    matrix[:, 2] = 5.0
    components = fit_components(matrix, FEATURES, minimum_variance_share=1.0)
    assert components.loc[components["feature"] == "recency", "loading"].eq(0).all()


def test_bad_arguments_are_named():
    two = np.eye(2)
    with pytest.raises(ValueError, match="2 columns of matrix, found 1"):
        fit_components(two, ["orders"])
    with pytest.raises(ValueError, match="unique"):
        fit_components(two, ["orders", "orders"])
    with pytest.raises(ValueError, match="found nan in row 0, column 1"):
        fit_components(np.array([[1.0, np.nan]]), ["orders", "recency"])
    with pytest.raises(ValueError, match="found 'scree'"):
        fit_components(two, ["orders", "recency"], rule="scree")
    with pytest.raises(ValueError, match=r"in 0\.\.1, found 85"):
        fit_components(two, ["orders", "recency"], minimum_variance_share=85)
    with pytest.raises(ValueError, match="2 fitted features, found 3"):
        project(np.eye(3), fit_components(two, ["orders", "recency"]))


def test_axes_are_named_by_their_two_largest_loadings(matrix, labels):
    components = fit_components(matrix, FEATURES)
    assert name_axes(components, labels) == {
        1: "Buys often, many categories vs. buys rarely",
        2: "On discount, coupons vs. at full price",
    }


def test_equal_axis_names_carry_their_number(labels):
    components = pd.DataFrame(
        {"component": [1, 2], "feature": ["orders", "orders"], "loading": [0.9, 0.4]}
    )
    assert list(name_axes(components, labels).values()) == [
        "Buys often vs. buys rarely (axis 1)",
        "Buys often vs. buys rarely (axis 2)",
    ]


def test_a_feature_without_label_is_named(matrix, labels):
    with pytest.raises(ValueError, match="coupons"):
        name_axes(fit_components(matrix, FEATURES), labels.iloc[:4])


@settings(max_examples=50)
@given(
    values=arrays(
        "float64",
        st.tuples(st.integers(2, 12), st.integers(1, 5)),
        elements=st.floats(-100, 100).map(lambda value: round(value, 3)),
    ),
    share=st.floats(0, 1),
)
def test_kept_components_reach_the_share_with_bounded_loadings(values, share):
    names = [f"feature_{column}" for column in range(values.shape[1])]
    components = fit_components(values, names, minimum_variance_share=share)
    figures = components.drop_duplicates("component")
    assert components["loading"].between(-1, 1).all()
    assert np.isfinite(components.select_dtypes("number").to_numpy()).all()
    if values.std(axis=0).max() > 1e-9:
        assert figures["explained_variance_share"].sum() >= share - 1e-6
