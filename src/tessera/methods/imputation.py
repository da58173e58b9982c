"""What stands for a value that is missing: one policy per feature.

A policy is a short text of the registry. Each leaves numbers that SQL applies to
everybody: a constant, a constant per group, or an affine map of the other features.

================================ ==================================================
policy                           what stands for a missing value
================================ ==================================================
``zero``                         0: nothing happened
``constant:<number>``            that number, in the unit of the feature
``mean``, ``median``             of the values present
``group_median:<column>``        the median of the person's group, the overall median
                                 in a small or unknown group
``model``                        what the other features make likely
``drop``, ``drop:<share>``       the feature is left out when more than a share of
                                 persons lack it; up to that, the median
================================ ==================================================
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.exceptions import ConvergenceWarning
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer
from sklearn.linear_model import BayesianRidge
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix

_PLAIN = ("zero", "mean", "median", "model", "drop")
_WITH_ARGUMENT = ("constant", "group_median", "drop")
_FORMS = (
    "zero, mean, median, model, drop, drop:<share>, constant:<number> or "
    "group_median:<column>"
)


@dataclass(frozen=True)
class Policy:
    """A policy, taken apart.

    Parameters
    ----------
    kind : str
        'zero', 'constant', 'mean', 'median', 'group_median', 'model' or 'drop'.
    number : float or None
        The constant, or the share (0..1) from which `drop` drops.
    group_column : str or None
        Column that `group_median` groups by.
    """

    kind: str
    number: float | None = None
    group_column: str | None = None


@dataclass(frozen=True)
class AffineFill:
    """Prediction of one feature from the others, on their transformed scales.

    Parameters
    ----------
    intercept : float
        Prediction when every other feature is 0.
    coefficients : ndarray of shape (n_features,), float64
        Slope per feature, 0 for the predicted one itself.
    minimum, maximum : float
        Least and largest value present; no prediction leaves them.
    """

    intercept: float
    coefficients: np.ndarray
    minimum: float
    maximum: float


@dataclass(frozen=True)
class ModelFill:
    """How a model fills a feature, in two steps.

    Parameters
    ----------
    start : AffineFill
        Prediction from the features without a model, which are always known. It stands
        in for the feature where another model looks at it.
    final : AffineFill
        Prediction from all other features; what the person is given.
    """

    start: AffineFill
    final: AffineFill


def parse_policy(text: str, name: str = "imputation") -> Policy:
    """Read a policy of the registry.

    Parameters
    ----------
    text : str
        As in the table at the head of this module.
    name : str, default 'imputation'
        What the error calls it.

    Returns
    -------
    Policy

    Raises
    ------
    ValueError
        If the text is none of the forms, a number not finite, or a share outside 0..1.

    Examples
    --------
    >>> parse_policy("group_median:region").group_column
    'region'
    >>> parse_policy("constant:-1.5").number
    -1.5
    """
    kind, colon, argument = str(text).partition(":")
    if not colon and kind in _PLAIN:
        return Policy(kind)
    if colon and argument and kind in _WITH_ARGUMENT:
        if kind == "group_median":
            return Policy(kind, group_column=argument)
        try:
            number = float(argument)
        except ValueError:
            number = math.nan
        if math.isfinite(number) and (kind == "constant" or 0 <= number <= 1):
            return Policy(kind, number=number)
    raise ValueError(f"{name} should be one of {_FORMS}, found {text!r}.")


def columns_read(registry: pd.DataFrame) -> list[str]:
    """Name the columns of a sample that a fit of a registry reads.

    Parameters
    ----------
    registry : DataFrame of shape (n_features, n_columns)
        `feature` and `imputation`, a policy as `parse_policy` reads it.

    Returns
    -------
    list of str
        The features, then the columns that their groups stand in, by name.

    Raises
    ------
    ValueError
        If a policy is none.

    Examples
    --------
    >>> columns_read(
    ...     pd.DataFrame(
    ...         {"feature": ["visits"], "imputation": ["group_median:region"]}
    ...     )
    ... )
    ['visits', 'region']
    """
    policies = [parse_policy(text) for text in registry["imputation"]]
    groups = {policy.group_column for policy in policies} - {None}
    return [*registry["feature"], *sorted(groups)]


def fit_constant(policy: Policy, present: ArrayLike) -> float:
    """Fit the one number that stands for a missing value.

    Parameters
    ----------
    policy : Policy
        Of any kind. `group_median` gives the overall median, for small and unknown
        groups; `model` and `drop` give the median too.
    present : array-like of shape (n_present,)
        The values present, finite, in raw units; at least one.

    Returns
    -------
    float
        In raw units.

    Notes
    -----
    Deterministic.

    Examples
    --------
    >>> fit_constant(parse_policy("median"), [1.0, 2.0, 9.0])
    2.0
    """
    if policy.kind == "zero":
        return 0.0
    if policy.kind == "constant":
        return float(policy.number)
    return float(np.mean(present) if policy.kind == "mean" else np.median(present))


def fit_group_medians(
    values: ArrayLike,
    groups: Sequence[object] | pd.Series,
    *,
    minimum_group_size: int = 20,
    maximum_group_count: int = 100,
) -> dict[str, float]:
    """Fit the median of each group.

    Parameters
    ----------
    values : array-like of shape (n_persons,)
        Raw units, NaN where missing.
    groups : sequence of shape (n_persons,)
        Group of each person; null is no group.
    minimum_group_size : int, default 20
        Fewest values present for a group to have a median of its own.
    maximum_group_count : int, default 100
        Most groups: each becomes a line of generated SQL. The largest are kept, on a
        tie the first in the alphabet.

    Returns
    -------
    dict of str to float
        Group, as text, to its median, in the order of the alphabet. No persons, or no
        group that is large enough, give an empty dict.

    Notes
    -----
    Deterministic; the order of persons does not matter.

    Examples
    --------
    >>> values = [1.0, 3.0, np.nan, 8.0]
    >>> fit_group_medians(values, ["n", "n", "n", "s"], minimum_group_size=2)
    {'n': 2.0}
    """
    frame = pd.DataFrame(
        {
            "group": pd.Series(list(groups), dtype="object"),
            "value": np.asarray(values, dtype="float64"),
        }
    ).dropna()
    if frame.empty:
        return {}
    medians = (
        frame.groupby(frame["group"].astype(str))["value"]
        .agg(["count", "median"])
        .query("count >= @minimum_group_size")
        .rename_axis("name")
        .reset_index()
        .sort_values(["count", "name"], ascending=[False, True])
        .head(maximum_group_count)
        .sort_values("name")
    )
    return dict(
        zip(medians["name"], medians["median"].astype(float).tolist(), strict=True)
    )


def fill_by_group(
    values: ArrayLike,
    groups: Sequence[object] | pd.Series | None,
    medians: dict[str, float],
    constant: float,
) -> np.ndarray:
    """Fill what is missing with the median of the group, else with a constant.

    Parameters
    ----------
    values : array-like of shape (n_persons,)
        NaN where missing.
    groups : sequence of shape (n_persons,) or None
        Group of each person, null for none; None when nobody has one.
    medians : dict of str to float
        Output of `fit_group_medians`.
    constant : float
        What stands where the group has no median.

    Returns
    -------
    ndarray of shape (n_persons,), float64
        In the unit of `values`.

    Notes
    -----
    Deterministic; each person depends on herself alone.

    Examples
    --------
    >>> fill_by_group([np.nan, np.nan, 5.0], ["n", None, "n"], {"n": 2.0}, 9.0)
    array([2., 9., 5.])
    """
    filled = np.array(values, dtype="float64")
    is_missing = np.isnan(filled)
    if groups is None or not medians:
        filled[is_missing] = constant
    else:
        # Only of those who lack the value the group is looked at.
        filled[is_missing] = [
            constant if pd.isna(group) else medians.get(str(group), constant)
            for group in pd.Series(groups, dtype="object")[is_missing]
        ]
    return filled


def fit_models(
    matrix: np.ndarray,
    is_missing: np.ndarray,
    columns: Sequence[int],
    *,
    maximum_round_count: int = 10,
    sample_size_limit: int = 50_000,
) -> dict[int, ModelFill]:
    """Fit what the other features say about a missing one.

    scikit-learn's `IterativeImputer` with Bayesian ridge regression goes round the
    features until the filled values settle; the regressions of its last round are
    kept. A person who lacks one feature is given exactly what the imputer gives. For
    one who lacks several, the rounds are cut short to two steps, so that everybody is
    scored by affine maps: each is first predicted from the features without a model,
    then from all, the first predictions among them.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Transformed features, filled; finite. Rows in the order of `person_key`.
    is_missing : ndarray of shape (n_persons, n_features), bool
        Where a value was filled that a model should predict; read in `columns` alone.
    columns : sequence of int
        Positions of the features to predict. One that nobody in the sample lacks is
        regressed on the others all the same: somebody outside may lack it.
    maximum_round_count : int, default 10
        Most rounds of the imputer, at least 1.
    sample_size_limit : int, default 50_000
        Most persons looked at: the first ones, whose keys are as good as random. All
        are where these have no value of some feature.

    Returns
    -------
    dict of int to ModelFill
        One entry per position in `columns`. A feature alone has nothing to be
        predicted from: its model is the mean of the values present. No persons give
        an empty dict.

    Raises
    ------
    ValueError
        If shapes differ, a value is not finite, or a feature has no value present.

    Notes
    -----
    Deterministic: fixed order of features (fewest missing first), one thread, no draw
    from the posterior. Features are standardised first, so that the ridge treats them
    alike whatever their units.

    References
    ----------
    van Buuren, S. and Groothuis-Oudshoorn, K. (2011). mice: Multivariate Imputation by
    Chained Equations in R. Journal of Statistical Software 45(3).

    Examples
    --------
    >>> matrix = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [2.5, 4.0]])
    >>> is_missing = np.zeros((4, 2), dtype=bool)
    >>> is_missing[3, 1] = True
    >>> fills = fit_models(matrix, is_missing, [1])
    >>> fill_by_model(matrix, is_missing, fills)[3].round(2)
    array([2.5, 5. ])
    """
    matrix = finite_matrix(matrix, "matrix")
    if is_missing.shape != matrix.shape:
        raise ValueError(
            f"is_missing should have shape {matrix.shape}, found {is_missing.shape}."
        )
    if not len(matrix) or not len(columns):
        return {}
    known = np.setdiff1d(np.arange(matrix.shape[1]), columns)
    is_missing = is_missing.copy()
    is_missing[:, known] = False
    if is_missing.all(axis=0).any():
        raise ValueError("matrix should have a value present in every column.")

    present = np.where(is_missing, np.nan, matrix)
    minima, maxima = np.nanmin(present, axis=0), np.nanmax(present, axis=0)
    centers, scales = matrix.mean(axis=0), matrix.std(axis=0)
    scales[scales == 0] = 1.0
    standardised = (present - centers) / scales
    if not np.isnan(standardised[:sample_size_limit]).all(axis=0).any():
        standardised = standardised[:sample_size_limit]
    regressions = _last_regressions(
        standardised,
        columns,
        (minima - centers) / scales,
        (maxima - centers) / scales,
        maximum_round_count,
    )

    fills = {}
    for column in columns:
        lacking = np.isnan(standardised[:, column])
        start = _regression(standardised[~lacking], column, known)
        final = regressions.get(column, start)
        fills[column] = ModelFill(
            *(
                _in_units(column, step, centers, scales, minima, maxima)
                for step in (start, final)
            )
        )
    return fills


def fill_by_model(
    matrix: np.ndarray, is_missing: np.ndarray, fills: dict[int, ModelFill]
) -> np.ndarray:
    """Fill what is missing by model, with the arithmetic that SQL repeats.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Transformed features; whatever stands where a modelled one is missing.
    is_missing : ndarray of shape (n_persons, n_features), bool
        Where a value is missing; read in the columns of `fills` alone.
    fills : dict of int to ModelFill
        Output of `fit_models`.

    Returns
    -------
    ndarray of shape (n_persons, n_features), float64
        A copy, filled in the columns of `fills`, on the transformed scale.

    Notes
    -----
    Deterministic; each row depends on itself alone.

    Examples
    --------
    >>> step = AffineFill(1.0, np.array([2.0, 0.0]), 0.0, 6.0)
    >>> matrix = np.array([[1.0, 9.0], [1.0, 9.0], [4.0, 9.0]])
    >>> is_missing = np.array([[False, False], [False, True], [False, True]])
    >>> fill_by_model(matrix, is_missing, {1: ModelFill(step, step)})
    array([[1., 9.],
           [1., 3.],
           [4., 6.]])
    """
    started, completed = matrix.copy(), matrix.copy()
    for column, fill in fills.items():
        lacking = is_missing[:, column]
        started[lacking, column] = predict(matrix[lacking], fill.start)
    for column, fill in fills.items():
        lacking = is_missing[:, column]
        completed[lacking, column] = predict(started[lacking], fill.final)
    return completed


def predict(matrix: np.ndarray, fill: AffineFill) -> np.ndarray:
    """Predict a feature from the others, with the arithmetic that SQL repeats.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Transformed features, filled.
    fill : AffineFill
        One step of a `ModelFill`.

    Returns
    -------
    ndarray of shape (n_persons,), float64
        On the transformed scale, within `minimum` and `maximum`.

    Notes
    -----
    Deterministic; each row depends on itself alone.

    Examples
    --------
    >>> fill = AffineFill(1.0, np.array([2.0, 0.0]), 0.0, 6.0)
    >>> predict(np.array([[1.0, 9.0], [4.0, 9.0]]), fill)
    array([3., 6.])
    """
    predicted = (matrix * fill.coefficients).sum(axis=1) + fill.intercept
    return np.clip(predicted, fill.minimum, fill.maximum)


def _last_regressions(
    standardised: np.ndarray,
    columns: Sequence[int],
    minima: np.ndarray,
    maxima: np.ndarray,
    maximum_round_count: int,
) -> dict[int, tuple[float, np.ndarray]]:
    """Return the intercept and slopes of each column's regression in the last round."""
    if standardised.shape[1] < 2:
        return {}
    imputer = IterativeImputer(
        BayesianRidge(),
        max_iter=maximum_round_count,
        initial_strategy="median",
        skip_complete=True,
        # The imputer takes no empty range; a constant is predicted as one anyhow.
        min_value=np.where(minima < maxima, minima, -np.inf),
        max_value=np.where(minima < maxima, maxima, np.inf),
        random_state=0,
    )
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        completed = imputer.fit_transform(standardised)
    regressions = {}
    # Later rounds come later in the sequence and take the place of earlier ones.
    for step in imputer.imputation_sequence_:
        slopes = np.zeros(standardised.shape[1])
        slopes[step.neighbor_feat_idx] = step.estimator.coef_
        regressions[int(step.feat_idx)] = (float(step.estimator.intercept_), slopes)
    for column in columns:
        if column not in regressions:
            others = np.delete(np.arange(standardised.shape[1]), column)
            regressions[column] = _regression(completed, column, others)
    return regressions


def _regression(
    standardised: np.ndarray, column: int, regressors: np.ndarray
) -> tuple[float, np.ndarray]:
    """Regress a column on others; on none, its mean is the intercept."""
    slopes = np.zeros(standardised.shape[1])
    target = standardised[:, column]
    if not len(regressors):
        return float(target.mean()), slopes
    with threadpool_limits(limits=1):
        estimator = BayesianRidge().fit(standardised[:, regressors], target)
    slopes[regressors] = estimator.coef_
    return float(estimator.intercept_), slopes


def _in_units(
    column: int,
    regression: tuple[float, np.ndarray],
    centers: np.ndarray,
    scales: np.ndarray,
    minima: np.ndarray,
    maxima: np.ndarray,
) -> AffineFill:
    """Undo the standardising of a regression."""
    intercept, slopes = regression
    coefficients = scales[column] * slopes / scales
    return AffineFill(
        float(
            centers[column]
            + scales[column] * intercept
            - (coefficients * centers).sum()
        ),
        coefficients,
        float(minima[column]),
        float(maxima[column]),
    )
