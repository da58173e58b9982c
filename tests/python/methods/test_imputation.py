"""Behaviour of ``tessera.methods.imputation``."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer
from sklearn.linear_model import BayesianRidge

from tessera.methods.imputation import (
    Policy,
    fill_by_group,
    fill_by_model,
    fit_constant,
    fit_group_medians,
    fit_models,
    parse_policy,
    predict,
)


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("zero", Policy("zero")),
        ("mean", Policy("mean")),
        ("median", Policy("median")),
        ("model", Policy("model")),
        ("drop", Policy("drop")),
        ("drop:0", Policy("drop", number=0)),
        ("drop:1", Policy("drop", number=1)),
        ("constant:-2.5e3", Policy("constant", number=-2500)),
        ("group_median:age_band", Policy("group_median", group_column="age_band")),
    ],
)
def test_policies_are_read(text, policy):
    assert parse_policy(text) == policy


@pytest.mark.parametrize(
    "text",
    [
        *("mode", "", None, "Median", "median:", "median:3", "zero:1", "constant"),
        *("constant:", "constant:many", "constant:inf", "constant:nan"),
        *("drop:1.01", "drop:-0.01", "drop:some", "group_median", "group_median:"),
    ],
)
def test_what_is_no_policy_is_refused_by_name(text):
    with pytest.raises(ValueError, match=r"^fill should be one of zero, .* found "):
        parse_policy(text, "fill")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zero", 0),
        ("constant:7", 7),
        ("mean", 4),
        ("median", 2),
        ("model", 2),
        ("drop", 2),
        ("group_median:region", 2),
    ],
)
def test_one_number_stands_for_a_null(text, expected):
    assert fit_constant(parse_policy(text), [1.0, 2.0, 9.0]) == expected


def test_a_group_has_a_median_from_the_minimum_size_on():
    values = [1, 2, 3, 10, 20, np.nan]
    groups = ["a", "a", "a", "b", "b", "b"]
    assert fit_group_medians(values, groups, minimum_group_size=3) == {"a": 2}
    assert fit_group_medians(values, groups, minimum_group_size=2) == {"a": 2, "b": 15}


def test_the_largest_groups_are_kept_ties_by_name():
    values = [1, 1, 2, 3, 4]
    groups = ["d", "d", "c", "b", "a"]
    medians = fit_group_medians(
        values, groups, minimum_group_size=1, maximum_group_count=3
    )
    assert medians == {"a": 4, "b": 3, "d": 1}
    assert list(medians) == ["a", "b", "d"]


@pytest.mark.parametrize(
    ("values", "groups"),
    [([], []), ([1.0], [None]), ([np.nan], ["a"]), ([np.nan, 1.0], ["a", np.nan])],
)
def test_without_values_or_groups_there_are_no_group_medians(values, groups):
    assert fit_group_medians(values, groups, minimum_group_size=1) == {}


def test_unknown_groups_are_filled_with_the_constant():
    values = [np.nan, np.nan, np.nan, 4.0]
    groups = ["north", "south", None, "north"]
    filled = fill_by_group(values, groups, {"north": 1.5}, 9.0)
    assert filled.tolist() == [1.5, 9, 9, 4]
    assert fill_by_group(values, None, {"north": 1.5}, 9.0).tolist() == [9, 9, 9, 4]
    assert fill_by_group([], [], {}, 9.0).shape == (0,)


def correlated(person_count=2_000, seed=3):
    """Four features of two causes, some values missing in the second and fourth."""
    random = np.random.default_rng(seed)
    causes = random.normal(size=(person_count, 2))
    mixing = np.array([[1, 0], [3, 0.5], [0, 10], [-2, 20]]).T
    matrix = causes @ mixing + random.normal(scale=0.2, size=(person_count, 4)) + 50
    is_missing = np.zeros(matrix.shape, dtype=bool)
    is_missing[:, 1] = random.random(person_count) < 0.2
    is_missing[:, 3] = random.random(person_count) < 0.1
    filled = np.where(is_missing, np.nan, matrix)
    filled = np.where(is_missing, np.nanmedian(filled, axis=0), matrix)
    return matrix, filled, is_missing


def test_who_lacks_one_feature_is_given_what_scikit_learn_gives():
    _, filled, is_missing = correlated()
    fills = fit_models(filled, is_missing, [1, 3])
    centers, scales = filled.mean(axis=0), filled.std(axis=0)
    present = np.where(is_missing, np.nan, filled)
    imputer = IterativeImputer(
        BayesianRidge(),
        initial_strategy="median",
        skip_complete=True,
        min_value=(np.nanmin(present, axis=0) - centers) / scales,
        max_value=(np.nanmax(present, axis=0) - centers) / scales,
        random_state=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        expected = imputer.fit_transform((present - centers) / scales)
    expected = expected * scales + centers
    for column in (1, 3):
        alone = is_missing[:, column] & (is_missing.sum(axis=1) == 1)
        assert alone.sum() > 100
        np.testing.assert_allclose(
            fill_by_model(filled, is_missing, fills)[alone, column],
            expected[alone, column],
            rtol=1e-9,
        )


def test_a_model_is_nearer_to_the_truth_than_the_median():
    matrix, filled, is_missing = correlated()
    fills = fit_models(filled, is_missing, [1, 3])
    errors = np.abs(fill_by_model(filled, is_missing, fills) - matrix)
    by_median = np.abs(filled - matrix)
    for count in (1, 2):
        lacking = is_missing.sum(axis=1) == count
        for column in (1, 3):
            error = errors[lacking & is_missing[:, column], column].mean()
            assert (
                error < 0.3 * by_median[lacking & is_missing[:, column], column].mean()
            )


def test_predictions_stay_within_what_was_seen():
    _, filled, is_missing = correlated()
    fill = fit_models(filled, is_missing, [1])[1].final
    extreme = np.array([[1e6, 0, 0, 0], [-1e6, 0, 0, 0]])
    assert set(predict(extreme, fill)) == {fill.minimum, fill.maximum}
    present = filled[~is_missing[:, 1], 1]
    assert (fill.minimum, fill.maximum) == (present.min(), present.max())


def test_a_feature_that_nobody_in_the_sample_lacks_has_a_model_too():
    matrix, _, is_missing = correlated()
    fill = fit_models(matrix, np.zeros_like(is_missing), [1])[1].final
    error = np.abs(predict(matrix, fill) - matrix[:, 1])
    assert np.median(error) < 0.5
    assert fill.coefficients[1] == 0


def test_a_feature_alone_is_predicted_by_its_mean():
    is_missing = np.array([[False], [False], [True]])
    fill = fit_models(np.array([[1.0], [3.0], [3.0]]), is_missing, [0])[0].final
    assert predict(np.array([[9.0]]), fill).tolist() == [2]


def test_features_all_equal_are_predicted_as_they_are():
    matrix = np.tile([2.0, 5.0], (6, 1))
    is_missing = np.zeros(matrix.shape, dtype=bool)
    is_missing[0, 1] = True
    fill = fit_models(matrix, is_missing, [1])[1].final
    assert predict(matrix, fill).tolist() == [5] * 6


def test_one_person_who_has_everything_is_enough():
    fill = fit_models(np.array([[1.0, 2.0]]), np.zeros((1, 2), dtype=bool), [0])[
        0
    ].final
    assert predict(np.array([[9.0, 9.0]]), fill).tolist() == [1]


def test_nobody_and_nothing_to_predict_give_no_model():
    assert fit_models(np.empty((0, 2)), np.empty((0, 2), dtype=bool), [0]) == {}
    assert fit_models(np.ones((3, 2)), np.zeros((3, 2), dtype=bool), []) == {}


def test_the_first_persons_are_looked_at_and_all_when_these_lack_a_feature():
    _, filled, is_missing = correlated()
    every = fit_models(filled, is_missing, [1])[1].final
    some = fit_models(filled, is_missing, [1], sample_size_limit=500)[1].final
    assert some.intercept != every.intercept
    is_missing[:500, 1] = True
    every = fit_models(filled, is_missing, [1])[1].final
    some = fit_models(filled, is_missing, [1], sample_size_limit=500)[1].final
    assert some.intercept == every.intercept


def test_two_fits_give_the_same_bits():
    _, filled, is_missing = correlated()
    first, second = (fit_models(filled, is_missing, [1, 3]) for _ in range(2))
    for column in (1, 3):
        for step in ("start", "final"):
            one, other = getattr(first[column], step), getattr(second[column], step)
            assert one.intercept == other.intercept
            assert (one.coefficients == other.coefficients).all()


def test_errors_name_the_rule():
    with pytest.raises(ValueError, match="is_missing should have shape"):
        fit_models(np.ones((2, 2)), np.zeros((2, 1), dtype=bool), [0])
    with pytest.raises(ValueError, match="a value present in every column"):
        fit_models(np.ones((2, 2)), np.ones((2, 2), dtype=bool), [0])
    with pytest.raises(ValueError, match="finite"):
        fit_models(np.array([[np.inf]]), np.zeros((1, 1), dtype=bool), [0])


@settings(max_examples=40)
@given(data=st.data())
def test_predictions_are_finite_and_within_what_was_seen(data):
    rows = data.draw(st.integers(2, 12))
    columns = data.draw(st.integers(1, 4))
    number = st.floats(-1e6, 1e6)
    matrix = np.array(
        data.draw(
            st.lists(
                st.lists(number, min_size=columns, max_size=columns),
                min_size=rows,
                max_size=rows,
            )
        )
    )
    is_missing = np.zeros(matrix.shape, dtype=bool)
    is_missing[: rows // 2, 0] = True
    fills = fit_models(matrix, is_missing, [0])
    predicted = fill_by_model(matrix, is_missing, fills)[: rows // 2, 0]
    assert np.isfinite(predicted).all()
    present = matrix[rows // 2 :, 0]
    assert (present.min() <= predicted).all()
    assert (predicted <= present.max()).all()
