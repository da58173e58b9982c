"""Behaviour of ``tessera.methods.rotation``."""

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tessera.methods.components import COMPONENT_TYPES, fit_components, project
from tessera.methods.rotation import rotate_components, varimax

FEATURES = [f"feature_{number}" for number in range(1, 7)]


@pytest.fixture
def matrix():
    """Two unrelated traits, three features of each, mixed by principal components."""
    random = np.random.default_rng(8)
    traits = np.repeat(random.normal(size=(400, 2)), 3, axis=1)
    values = traits + 0.5 * random.normal(size=(400, 6))
    return (values - values.mean(axis=0)) / values.std(axis=0)


def criterion(loadings):
    """Varimax as Kaiser defines it: variances of squared, normalised loadings."""
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    squared = (loadings / np.where(lengths > 0, lengths, 1)) ** 2
    return squared.var(axis=0).sum()


loadings_of_any_kind = st.tuples(st.integers(1, 8), st.integers(1, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=st.floats(-1, 1, width=32))
)


@given(loadings_of_any_kind)
@settings(max_examples=60)
def test_rotation_is_orthogonal_and_never_lowers_the_criterion(loadings):
    rotation = varimax(loadings)
    identity = np.eye(loadings.shape[1])
    np.testing.assert_allclose(rotation.T @ rotation, identity, atol=1e-10)
    assert criterion(loadings @ rotation) >= criterion(loadings) - 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_two_axes_are_turned_as_far_as_the_best_of_all_angles(seed):
    loadings = np.random.default_rng(seed).normal(size=(9, 2))
    best = max(
        criterion(
            loadings @ [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        )
        for angle in np.linspace(0, np.pi / 2, 20_001)
    )
    found = criterion(loadings @ varimax(loadings))
    assert found == pytest.approx(best, abs=1e-7)


def test_simple_structure_is_found_again():
    simple = np.kron(np.eye(3), [[0.9], [0.8], [0.7]])
    mixed = simple @ np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    found = np.abs(mixed @ varimax(mixed))
    found = found[:, np.argsort(found.argmax(axis=0))]
    np.testing.assert_allclose(found, simple, atol=1e-7)


def test_axes_speak_of_one_trait_each_and_are_uncorrelated(matrix):
    components = fit_components(matrix, FEATURES, rule="kaiser")
    axes = rotate_components(components)
    loadings = axes["loading"].to_numpy().reshape(2, 6)
    is_first = np.abs(loadings).argmax(axis=0)
    assert is_first.tolist() in ([0] * 3 + [1] * 3, [1] * 3 + [0] * 3)
    # Unrotated, every feature loads on both components.
    assert np.abs(loadings).min(axis=0).max() < 0.15

    scores = project(matrix, axes)
    np.testing.assert_allclose(np.cov(scores.T), np.eye(2), atol=1e-10)
    found = np.corrcoef(scores.T, matrix.T)[:2, 2:]
    np.testing.assert_allclose(loadings, found, atol=1e-10)


def test_axes_explain_together_what_the_components_explain(matrix):
    components = fit_components(matrix, FEATURES)
    axes = rotate_components(components)
    for column in ("explained_variance", "explained_variance_share"):
        totals = [
            table.drop_duplicates("component")[column].sum()
            for table in (components, axes)
        ]
        assert totals[0] == pytest.approx(totals[1])
    assert axes["explained_variance"].is_monotonic_decreasing


def test_the_largest_loading_of_an_axis_is_positive(matrix):
    for values in (matrix, -matrix):
        axes = rotate_components(fit_components(values, FEATURES))
        for _, part in axes.groupby("component"):
            assert part["loading"].iloc[part["loading"].abs().argmax()] > 0


def test_two_runs_give_equal_bits(matrix):
    components = fit_components(matrix, FEATURES)
    first, second = (rotate_components(components) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, rtol=0, atol=0)


def test_nobody_gives_no_axis():
    axes = rotate_components(fit_components(np.zeros((0, 2)), ["orders", "visits"]))
    assert axes.empty
    assert axes.dtypes.astype(str).to_dict() == COMPONENT_TYPES


def test_equal_persons_score_zero_on_every_axis():
    components = fit_components(np.ones((4, 2)), ["orders", "visits"])
    assert (project(np.ones((4, 2)), rotate_components(components)) == 0).all()


def test_one_component_is_its_own_axis():
    components = fit_components(np.array([[1.0], [3.0]]), ["orders"])
    axes = rotate_components(components)
    assert axes["loading"].tolist() == [1.0]
    np.testing.assert_allclose(
        project(np.array([[1.0], [3.0]]), axes), [[-(2**-0.5)], [2**-0.5]]
    )


def test_a_null_loading_is_refused():
    with pytest.raises(ValueError, match=r"loadings should be finite, found nan"):
        varimax([[1.0, np.nan]])


def test_components_of_the_mcdonalds_survey_are_as_published(shared_data):
    """Dolnicar, Grün and Leisch, Market Segmentation Analysis, print the first four."""
    survey = shared_data / "surveys" / "mcdonalds.parquet"
    statements = [
        *("yummy", "convenient", "spicy", "fattening", "greasy", "fast", "cheap"),
        *("tasty", "expensive", "healthy", "disgusting"),
    ]
    answers = duckdb.sql(
        "select (columns(*) = 'Yes')::integer "
        f"from (select {', '.join(statements)} from '{survey}')"
    ).df()
    components = fit_components(
        answers.to_numpy(dtype="float64"), answers.columns, minimum_variance_share=1.0
    )
    deviations = components.drop_duplicates("component")["explained_variance"] ** 0.5
    assert deviations.head(4).round(4).tolist() == [0.757, 0.6075, 0.5046, 0.3988]
