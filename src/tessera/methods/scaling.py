"""Features on one scale: imputed, transformed, standardised and weighted.

The parameters are fitted here on a sample. SQL then repeats, for every person,
``weight * (t(f(x)) - center) / scale``, where f clips a value to the feature's bounds
and fills a missing one by the feature's policy, and t is its transform. The bounds are
the range of the sample: a model is not asked about what it has never seen, so a value
that explodes after the fit counts as the largest of then, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import PowerTransformer
from threadpoolctl import threadpool_limits

from tessera.methods._checks import require_columns, require_share, require_unique
from tessera.methods._frames import FLOAT_LIST, TEXT_LIST, typed_frame
from tessera.methods.imputation import (
    AffineFill,
    ModelFill,
    Policy,
    columns_read,
    fill_by_group,
    fill_by_model,
    fit_constant,
    fit_group_medians,
    fit_models,
    parse_policy,
)

SCALING_TYPES = {
    "feature": "str",
    "transform": "str",
    "transform_lambda": "float64",
    "imputation": "str",
    "imputed_value": "float64",
    "lower_bound": "float64",
    "upper_bound": "float64",
    "center": "float64",
    "scale": "float64",
    "weight": "float64",
    "is_used": "bool",
    "drop_reason": "str",
    "missing_share": "float64",
    "group_column": "str",
    "group_names": TEXT_LIST,
    "group_values": FLOAT_LIST,
    "start_intercept": "float64",
    "start_coefficients": FLOAT_LIST,
    "model_intercept": "float64",
    "model_coefficients": FLOAT_LIST,
    "model_minimum": "float64",
    "model_maximum": "float64",
}

_STANDARD_DEVIATION_FLOOR = 1e-9
# Beyond these powers a transform bends more than any data asks for, and values far from
# the sample's overflow.
_LAMBDA_RANGE = (-5.0, 5.0)
# Nearer than this to 0 or 2 the power's formula loses its digits; the logarithm, its
# limit there, is taken instead and differs by less than they do.
_LAMBDA_TOLERANCE = 1e-6


def yeo_johnson(values: np.ndarray, exponent: float) -> np.ndarray:
    """Apply the power transform of Yeo and Johnson, which takes negative values too.

    Parameters
    ----------
    values : ndarray of float64
        Any shape; nulls stay nulls.
    exponent : float
        The power lambda: 1 changes nothing, below 1 draws in large values.

    Returns
    -------
    ndarray of float64
        Same shape, rising with `values`, 0 for 0.

    Notes
    -----
    Deterministic; the arithmetic that `macros/transformed_feature.sql` repeats.

    References
    ----------
    Yeo, I. and Johnson, R. (2000). A new family of power transformations to improve
    normality or symmetry. Biometrika 87.

    Examples
    --------
    >>> yeo_johnson(np.array([-3.0, 0.0, 3.0]), 0.5).round(6).tolist()
    [-4.666667, 0.0, 2.0]
    """
    high, low = 1.0 + np.maximum(values, 0.0), 1.0 - np.minimum(values, 0.0)
    above = np.log(high) if exponent == 0 else (high**exponent - 1.0) / exponent
    rest = 2.0 - exponent
    below = np.log(low) if rest == 0 else (low**rest - 1.0) / rest
    return np.where(values >= 0, above, -below)


def fit_yeo_johnson(values: np.ndarray) -> float:
    """Find the power that makes values most like a normal distribution.

    Parameters
    ----------
    values : ndarray of float64, shape (n_values,)
        Finite values.

    Returns
    -------
    float
        Maximum-likelihood power, as scikit-learn's `PowerTransformer` finds it; kept
        within -5..5; exactly 0 or 2 within 1e-6 of them; 1, which changes nothing, for
        no value or values all equal.

    Notes
    -----
    Deterministic: Brent's search, no random step.

    Examples
    --------
    >>> round(fit_yeo_johnson(np.exp(np.linspace(0.0, 3.0, 50)) - 1.0), 1)
    0.0
    """
    if len(values) == 0 or np.ptp(values) == 0:
        return 1.0
    transformer = PowerTransformer(method="yeo-johnson", standardize=False)
    found = float(transformer.fit(values.reshape(-1, 1)).lambdas_[0])
    for limit in (0.0, 2.0):
        if abs(found - limit) < _LAMBDA_TOLERANCE:
            return limit
    return float(np.clip(found, *_LAMBDA_RANGE))


# ln(1 + x) rather than log1p(x): the same arithmetic as the SQL that scores everyone.
_TRANSFORMS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "none": lambda values, _: values,
    "log1p": lambda values, _: np.log(1.0 + np.maximum(values, 0.0)),
    "signed_log1p": lambda values, _: np.sign(values) * np.log(1.0 + np.abs(values)),
    "yeo_johnson": yeo_johnson,
}


def fit_scaling(
    sample: pd.DataFrame,
    registry: pd.DataFrame,
    *,
    bounds: pd.DataFrame | None = None,
    left_out: Mapping[str, str] | None = None,
    near_constant_share: float = 0.9,
    duplicate_correlation: float = 0.98,
    maximum_missing_share: float = 0.5,
) -> pd.DataFrame:
    """Fit how each feature is clipped, imputed, transformed, centred and scaled.

    A feature that cannot tell persons apart is dropped, and the reason recorded:
    its weight is 0; all its values are null; its policy is to drop it and too many
    are; it is constant (standard deviation below 1e-9 of its largest absolute value);
    one value holds nearly everyone; or it nearly repeats a feature that stands before
    it in the registry and is kept.

    Parameters
    ----------
    sample : DataFrame of shape (n_persons, n_columns)
        `person_key`, one numeric column per registry feature, in raw units, and the
        columns that `group_median` names. Infinite values count as null.
    registry : DataFrame of shape (n_features, n_columns)
        One row per feature, most wanted first: `feature`; `transform`, one of
        'none', 'log1p' (``ln(1 + greatest(x, 0))``), 'signed_log1p'
        (``sign(x) * ln(1 + abs(x))``) or 'yeo_johnson' (`yeo_johnson`, with the power
        that `fit_yeo_johnson` finds for the values present); `imputation`, a policy as
        `tessera.methods.imputation` lists them, fitted on the values that are
        present; `weight`, at least 0.
    bounds : DataFrame of shape (n_bounded, n_columns), optional
        `variable`, a feature, unique; `lower_bound` and `upper_bound` in raw units,
        null for none. Values present are clipped to them before anything else; what
        fills a missing value is not. Without a bound, the sample's own range is one.
    left_out : mapping of str to str, optional
        Features that are dropped whatever their values, and the reason to record.
    near_constant_share : float, default 0.9
        Share of persons, in 0..1, from which one transformed value makes a feature
        near constant. Nulls count with the value imputed to them, by `model` with the
        median.
    duplicate_correlation : float, default 0.98
        Absolute Pearson correlation of the transformed values, in 0..1, from which
        the later of two features is a near-duplicate.
    maximum_missing_share : float, default 0.5
        Share of persons, in 0..1, above which the policy 'drop' drops a feature:
        what fewer than half have says more about who is known than about behaviour.

    Returns
    -------
    DataFrame of shape (n_features, 22)
        One row per registry feature, in registry order: `feature`, `transform`,
        `transform_lambda` (the power of 'yeo_johnson', null otherwise), `imputation`,
        `imputed_value` (raw units, null when all values are: what stands for a null
        unless a group or a model says better), `lower_bound` and `upper_bound` (the
        least and the greatest value present, clipped; null when all are missing),
        `center` and `scale` (mean and population
        standard deviation of the transformed, imputed values; 0 and 1 when dropped),
        `weight`, `is_used`, `drop_reason` (null when used), `missing_share` (0..1 of
        persons); `group_column`, `group_names` and `group_values` (raw units) of
        'group_median', null and empty otherwise; `start_intercept`,
        `start_coefficients`, `model_intercept`, `model_coefficients` (one per used
        feature), `model_minimum` and `model_maximum` of 'model', the two steps of
        `tessera.methods.imputation.ModelFill`, on transformed scales, null and empty
        otherwise.
        No persons or no features give no rows.

    Raises
    ------
    ValueError
        If a column is missing, a feature repeated or not numeric, a transform or an
        imputation unknown, a weight negative or null, a share outside 0..1, or a
        lower bound above its upper one.

    Notes
    -----
    Deterministic, with no random step. The sample is sorted by `person_key` first, so
    the order of its rows does not matter as long as that key is unique.

    References
    ----------
    Kaufman, L. and Rousseeuw, P. (1990). Finding Groups in Data, chapter 1, on why
    variables are standardised, weighted and pruned before distances are taken.

    Examples
    --------
    >>> sample = pd.DataFrame({"person_key": [1, 2, 3], "visits": [1.0, None, 3.0]})
    >>> registry = pd.DataFrame(
    ...     {
    ...         "feature": ["visits"],
    ...         "transform": ["none"],
    ...         "imputation": ["mean"],
    ...         "weight": [1.0],
    ...     }
    ... )
    >>> fit_scaling(sample, registry)[["imputed_value", "center", "is_used"]]
       imputed_value  center  is_used
    0            2.0     2.0     True
    """
    require_share(near_constant_share, "near_constant_share")
    require_share(duplicate_correlation, "duplicate_correlation")
    require_share(maximum_missing_share, "maximum_missing_share")
    policies = _check_registry(registry)
    limits = _check_bounds(bounds)
    require_columns(sample, ["person_key", *columns_read(registry)], "sample")
    if sample.empty:
        return typed_frame([], SCALING_TYPES)

    ordered = sample.sort_values("person_key", kind="stable")
    # Threads would wait for each other longer than a product of two columns takes.
    with threadpool_limits(limits=1):
        rows = _fit_each_feature(
            ordered,
            registry,
            policies,
            limits,
            left_out or {},
            near_constant_share=near_constant_share,
            duplicate_correlation=duplicate_correlation,
            maximum_missing_share=maximum_missing_share,
        )
    return typed_frame(_with_models(ordered, rows), SCALING_TYPES)


def transform_features(sample: pd.DataFrame, scaling: pd.DataFrame) -> np.ndarray:
    """Apply fitted scaling, with the arithmetic that SQL repeats.

    Parameters
    ----------
    sample : DataFrame of shape (n_persons, n_columns)
        The used features in raw units, and the columns their groups stand in. Null
        and infinite values are imputed.
    scaling : DataFrame of shape (n_features, n_columns)
        Output of `fit_scaling`; without the columns of bounds, groups and models
        there are none.

    Returns
    -------
    ndarray of shape (n_persons, n_used), float64
        ``weight * (t(f(x)) - center) / scale``, without unit and without null; f clips
        to the bounds, then fills. Rows follow `sample`, columns the used rows of
        `scaling`. No persons give shape (0, n_used), no used feature gives shape
        (n_persons, 0).

    Raises
    ------
    ValueError
        If a used feature is not a column of `sample`, or not numeric.

    Notes
    -----
    Deterministic; each row depends on itself alone.

    Examples
    --------
    >>> scaling = pd.DataFrame(
    ...     {
    ...         "feature": ["visits"],
    ...         "transform": ["none"],
    ...         "imputed_value": [2.0],
    ...         "center": [2.0],
    ...         "scale": [0.5],
    ...         "weight": [1.0],
    ...         "is_used": [True],
    ...     }
    ... )
    >>> transform_features(pd.DataFrame({"visits": [3.0, None]}), scaling)
    array([[2.],
           [0.]])
    """
    used = scaling[scaling["is_used"]].to_dict("records")
    require_columns(sample, [row["feature"] for row in used], "sample")
    matrix = _complete(sample, used)
    for position, row in enumerate(used):
        matrix[:, position] = (
            row["weight"] * (matrix[:, position] - row["center"]) / row["scale"]
        )
    return matrix


def _check_registry(registry: pd.DataFrame) -> dict[str, Policy]:
    """Check every row, and return the policy of each feature."""
    columns = ["feature", "transform", "imputation", "weight"]
    require_columns(registry, columns, "registry")
    require_unique(registry["feature"], "registry.feature")
    policies = {}
    for entry in registry.to_dict("records"):
        feature, transform, weight = (
            entry["feature"],
            entry["transform"],
            entry["weight"],
        )
        if transform not in _TRANSFORMS:
            raise ValueError(
                f"transform of {feature!r} should be one of {list(_TRANSFORMS)}, "
                f"found {transform!r}."
            )
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"weight of {feature!r} should be >= 0, found {weight}.")
        policies[feature] = parse_policy(
            entry["imputation"], f"imputation of {feature!r}"
        )
    return policies


def _check_bounds(bounds: pd.DataFrame | None) -> dict[str, dict[str, float]]:
    """Return the bounds of each bounded feature, null for none."""
    if bounds is None:
        return {}
    columns = ["lower_bound", "upper_bound"]
    require_columns(bounds, ["variable", *columns], "bounds")
    require_unique(bounds["variable"], "bounds.variable")
    limits = bounds.set_index("variable")[columns].astype("float64")
    for variable, (lower, upper) in limits.iterrows():
        if lower > upper:
            raise ValueError(
                f"bounds of {variable!r} should not cross, found {lower} > {upper}."
            )
    return limits.to_dict("index")


def _raw_values(sample: pd.DataFrame, feature: str) -> np.ndarray:
    """Return a feature as floats, null where it is missing or infinite."""
    try:
        values = sample[feature].to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{feature!r} should be numeric: {error}.") from error
    return np.where(np.isfinite(values), values, np.nan)


def _complete(sample: pd.DataFrame, used: list[dict[str, Any]]) -> np.ndarray:
    """Clip, fill and transform the used features, models last."""
    matrix = np.empty((len(sample), len(used)))
    is_missing = np.zeros(matrix.shape, dtype=bool)
    for position, row in enumerate(used):
        raw = _raw_values(sample, row["feature"])
        is_missing[:, position] = np.isnan(raw)
        matrix[:, position] = _transformed(_clipped(raw, row), sample, row)

    fills = {
        position: ModelFill(_step(row, "start"), _step(row, "model"))
        for position, row in enumerate(used)
        if not pd.isna(row.get("model_intercept"))
    }
    return fill_by_model(matrix, is_missing, fills)


def _step(row: dict[str, Any], step: str) -> AffineFill:
    """Read one step of a model from a row of the scaling."""
    return AffineFill(
        row[f"{step}_intercept"],
        np.asarray(row[f"{step}_coefficients"], dtype="float64"),
        row["model_minimum"],
        row["model_maximum"],
    )


def _clipped(raw: np.ndarray, row: dict[str, Any]) -> np.ndarray:
    """Clip to the bounds there are; missing values stay missing."""
    lower, upper = row.get("lower_bound"), row.get("upper_bound")
    return np.clip(
        raw,
        -np.inf if pd.isna(lower) else lower,
        np.inf if pd.isna(upper) else upper,
    )


def _transformed(
    raw: np.ndarray, sample: pd.DataFrame, row: dict[str, Any]
) -> np.ndarray:
    """Fill what is missing, by group or with the constant, and transform."""
    column = row.get("group_column")
    is_grouped = isinstance(column, str)
    medians = (
        dict(zip(row["group_names"], row["group_values"], strict=True))
        if is_grouped
        else {}
    )
    filled = fill_by_group(
        raw, sample[column] if is_grouped else None, medians, row["imputed_value"]
    )
    return _TRANSFORMS[row["transform"]](filled, row.get("transform_lambda"))


def _fit_feature(
    sample: pd.DataFrame,
    entry: dict[str, Any],
    policy: Policy,
    near_constant_share: float,
    maximum_missing_share: float,
) -> tuple[dict[str, Any], np.ndarray]:
    """Fit one feature on its own; near-duplicates and models come afterwards."""
    raw = _raw_values(sample, entry["feature"])
    clipped = _clipped(raw, entry)
    present = clipped[~np.isnan(raw)]
    row = {
        "feature": entry["feature"],
        "transform": entry["transform"],
        "transform_lambda": (
            fit_yeo_johnson(present) if entry["transform"] == "yeo_johnson" else None
        ),
        "imputation": entry["imputation"],
        "imputed_value": None,
        "lower_bound": None,
        "upper_bound": None,
        "center": 0.0,
        "scale": 1.0,
        "weight": float(entry["weight"]),
        "is_used": True,
        "drop_reason": None,
        "missing_share": float(np.isnan(raw).mean()),
        "group_column": policy.group_column,
        "group_names": [],
        "group_values": [],
        "start_intercept": None,
        "start_coefficients": [],
        "model_intercept": None,
        "model_coefficients": [],
        "model_minimum": None,
        "model_maximum": None,
    }
    if not len(present):
        return _dropped(row, "all values are null"), clipped
    row["lower_bound"], row["upper_bound"] = present.min(), present.max()
    row["imputed_value"] = fit_constant(policy, present)
    if policy.group_column:
        medians = fit_group_medians(clipped, sample[policy.group_column])
        row |= {"group_names": list(medians), "group_values": list(medians.values())}
    if row["weight"] == 0:
        return _dropped(row, "its weight is 0"), clipped
    if policy.kind == "drop":
        limit = maximum_missing_share if policy.number is None else policy.number
        if row["missing_share"] > limit:
            share = row["missing_share"]
            reason = f"missing for {share:.2%} of persons, more than {limit:.2%}"
            return _dropped(row, reason), clipped

    values = _transformed(clipped, sample, row)
    center, scale = float(values.mean()), float(values.std())
    if not np.isfinite(scale):
        return _dropped(row, "values are too large to be squared"), values
    if scale <= _STANDARD_DEVIATION_FLOOR * np.abs(values).max():
        return _dropped(row, "constant"), values
    counts = np.unique(values, return_counts=True)[1]
    if counts.max() >= near_constant_share * len(values):
        share = counts.max() / len(values)
        reason = f"near constant: one value holds {share:.2%} of persons"
        return _dropped(row, reason), values
    return {**row, "center": center, "scale": scale}, values


def _fit_each_feature(
    sample: pd.DataFrame,
    registry: pd.DataFrame,
    policies: dict[str, Policy],
    limits: dict[str, dict[str, float]],
    left_out: Mapping[str, str],
    *,
    near_constant_share: float,
    duplicate_correlation: float,
    maximum_missing_share: float,
) -> list[dict[str, Any]]:
    """Fit every feature, and drop those that repeat an earlier one."""
    rows: list[dict[str, Any]] = []
    kept: dict[str, np.ndarray] = {}
    for entry in registry.to_dict("records"):
        name = entry["feature"]
        entry |= limits.get(name, {})
        row, values = _fit_feature(
            sample, entry, policies[name], near_constant_share, maximum_missing_share
        )
        if row["is_used"] and name in left_out:
            row = _dropped(row, left_out[name])
        if row["is_used"]:
            standardised = (values - row["center"]) / row["scale"]
            duplicate = _near_duplicate(standardised, kept, duplicate_correlation)
            if duplicate:
                row = _dropped(row, duplicate)
            else:
                kept[name] = standardised
        rows.append(row)
    return rows


def _with_models(
    sample: pd.DataFrame, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Add the models of the used features that ask for one, and scale these anew."""
    used = [row for row in rows if row["is_used"]]
    positions = [at for at, row in enumerate(used) if row["imputation"] == "model"]
    if not positions:
        return rows
    is_missing = np.zeros((len(sample), len(used)), dtype=bool)
    for position in positions:
        raw = _raw_values(sample, used[position]["feature"])
        is_missing[:, position] = np.isnan(raw)
    fills = fit_models(_complete(sample, used), is_missing, positions)
    for position, fill in fills.items():
        used[position] |= {
            "start_intercept": fill.start.intercept,
            "start_coefficients": fill.start.coefficients.tolist(),
            "model_intercept": fill.final.intercept,
            "model_coefficients": fill.final.coefficients.tolist(),
            "model_minimum": fill.final.minimum,
            "model_maximum": fill.final.maximum,
        }
    matrix = _complete(sample, used)
    for position in positions:
        values = matrix[:, position]
        used[position] |= {
            "center": float(values.mean()),
            "scale": float(values.std()),
        }
    return rows


def _near_duplicate(
    standardised: np.ndarray, kept: dict[str, np.ndarray], limit: float
) -> str | None:
    """Name the kept feature that correlates most, when that reaches the limit."""
    if not kept:
        return None
    size = len(standardised)
    correlations = {
        name: float(other @ standardised) / size for name, other in kept.items()
    }
    nearest = max(correlations, key=lambda name: abs(correlations[name]))
    if abs(correlations[nearest]) < limit:
        return None
    return f"near-duplicate of {nearest} (r = {correlations[nearest]:.3f})"


def _dropped(row: dict[str, Any], reason: str) -> dict[str, Any]:
    return {**row, "center": 0.0, "scale": 1.0, "is_used": False, "drop_reason": reason}
