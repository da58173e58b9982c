"""Features on one scale: imputed, transformed, standardised and weighted.

The parameters are fitted here on a sample. SQL then repeats, for every person,
``weight * (t(coalesce(x, imputed_value)) - center) / scale``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from tessera.methods._checks import require_columns, require_share, require_unique
from tessera.methods._frames import typed_frame

SCALING_TYPES = {
    "feature": "str",
    "transform": "str",
    "imputed_value": "float64",
    "center": "float64",
    "scale": "float64",
    "weight": "float64",
    "is_used": "bool",
    "drop_reason": "str",
    "missing_share": "float64",
}

# ln(1 + x) rather than log1p(x): the same arithmetic as the SQL that scores everyone.
_TRANSFORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda values: values,
    "log1p": lambda values: np.log(1.0 + np.maximum(values, 0.0)),
    "signed_log1p": lambda values: np.sign(values) * np.log(1.0 + np.abs(values)),
}
_IMPUTATIONS: dict[str, Callable[[np.ndarray], float]] = {
    "median": np.median,
    "mean": np.mean,
    "zero": lambda values: 0.0,
}
_STANDARD_DEVIATION_FLOOR = 1e-9


def fit_scaling(
    sample: pd.DataFrame,
    registry: pd.DataFrame,
    *,
    near_constant_share: float = 0.995,
    duplicate_correlation: float = 0.98,
) -> pd.DataFrame:
    """Fit how each feature is imputed, transformed, centred and scaled.

    A feature that cannot tell persons apart is dropped, and the reason recorded:
    its weight is 0; all its values are null; it is constant (standard deviation below
    1e-9 of its largest absolute value); one value holds nearly everyone; or it nearly
    repeats a feature that stands before it in the registry and is kept.

    Parameters
    ----------
    sample : DataFrame of shape (n_persons, n_columns)
        `person_key` and one numeric column per registry feature, in raw units.
        Infinite values count as null.
    registry : DataFrame of shape (n_features, n_columns)
        One row per feature, most wanted first: `feature`; `transform`, one of
        'none', 'log1p' (``ln(1 + greatest(x, 0))``) or 'signed_log1p'
        (``sign(x) * ln(1 + abs(x))``); `imputation`, one of 'median', 'mean' or
        'zero', taken over the raw values that are present; `weight`, at least 0.
    near_constant_share : float, default 0.995
        Share of persons, in 0..1, from which one transformed value makes a feature
        near constant. Nulls count with the value imputed to them.
    duplicate_correlation : float, default 0.98
        Absolute Pearson correlation of the transformed values, in 0..1, from which
        the later of two features is a near-duplicate.

    Returns
    -------
    DataFrame of shape (n_features, 9)
        One row per registry feature, in registry order: `feature`, `transform`,
        `imputed_value` (raw units, null when all values are), `center` and `scale`
        (mean and population standard deviation of the transformed, imputed values;
        0 and 1 when dropped), `weight`, `is_used`, `drop_reason` (null when used),
        `missing_share` (0..1 of persons). No persons or no features give no rows.

    Raises
    ------
    ValueError
        If a column is missing, a feature repeated or not numeric, a transform or an
        imputation unknown, a weight negative or null, or a share outside 0..1.

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
    _check_registry(registry)
    require_columns(sample, ["person_key", *registry["feature"]], "sample")
    if sample.empty:
        return typed_frame([], SCALING_TYPES)

    ordered = sample.sort_values("person_key", kind="stable")
    rows: list[dict[str, Any]] = []
    kept: dict[str, np.ndarray] = {}
    for entry in registry.to_dict("records"):
        raw = _raw_values(ordered, entry["feature"])
        row = _fit_feature(raw, entry, near_constant_share)
        if row["is_used"]:
            standardised = _standardise(raw, {**row, "weight": 1.0})
            duplicate = _near_duplicate(standardised, kept, duplicate_correlation)
            if duplicate:
                row = _dropped(row, duplicate)
            else:
                kept[entry["feature"]] = standardised
        rows.append(row)
    return typed_frame(rows, SCALING_TYPES)


def transform_features(sample: pd.DataFrame, scaling: pd.DataFrame) -> np.ndarray:
    """Apply fitted scaling, with the arithmetic that SQL repeats.

    Parameters
    ----------
    sample : DataFrame of shape (n_persons, n_columns)
        The used features in raw units. Null and infinite values are imputed.
    scaling : DataFrame of shape (n_features, 9)
        Output of `fit_scaling`.

    Returns
    -------
    ndarray of shape (n_persons, n_used), float64
        ``weight * (t(coalesce(x, imputed_value)) - center) / scale``, without unit and
        without null. Rows follow `sample`, columns the used rows of `scaling`. No
        persons give shape (0, n_used), no used feature gives shape (n_persons, 0).

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
    matrix = np.empty((len(sample), len(used)))
    for position, row in enumerate(used):
        matrix[:, position] = _standardise(_raw_values(sample, row["feature"]), row)
    return matrix


def _check_registry(registry: pd.DataFrame) -> None:
    columns = ["feature", "transform", "imputation", "weight"]
    require_columns(registry, columns, "registry")
    require_unique(registry["feature"], "registry.feature")
    for column, known in (("transform", _TRANSFORMS), ("imputation", _IMPUTATIONS)):
        for feature, value in zip(registry["feature"], registry[column], strict=True):
            if value not in known:
                raise ValueError(
                    f"{column} of {feature!r} should be one of {list(known)}, "
                    f"found {value!r}."
                )
    for feature, weight in zip(registry["feature"], registry["weight"], strict=True):
        if not (np.isfinite(weight) and weight >= 0):
            raise ValueError(f"weight of {feature!r} should be >= 0, found {weight}.")


def _raw_values(sample: pd.DataFrame, feature: str) -> np.ndarray:
    """Return a feature as floats, null where it is missing or infinite."""
    try:
        values = sample[feature].to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{feature!r} should be numeric: {error}.") from error
    return np.where(np.isfinite(values), values, np.nan)


def _transformed(raw: np.ndarray, row: dict[str, Any]) -> np.ndarray:
    imputed = np.where(np.isnan(raw), row["imputed_value"], raw)
    return _TRANSFORMS[row["transform"]](imputed)


def _standardise(raw: np.ndarray, row: dict[str, Any]) -> np.ndarray:
    return row["weight"] * (_transformed(raw, row) - row["center"]) / row["scale"]


def _fit_feature(
    raw: np.ndarray, entry: dict[str, Any], near_constant_share: float
) -> dict[str, Any]:
    """Fit one feature on its own; near-duplicates are looked for afterwards."""
    present = raw[~np.isnan(raw)]
    row = {
        "feature": entry["feature"],
        "transform": entry["transform"],
        "imputed_value": None,
        "center": 0.0,
        "scale": 1.0,
        "weight": float(entry["weight"]),
        "is_used": True,
        "drop_reason": None,
        "missing_share": float(np.isnan(raw).mean()),
    }
    if not len(present):
        return _dropped(row, "all values are null")
    row["imputed_value"] = float(_IMPUTATIONS[entry["imputation"]](present))
    if row["weight"] == 0:
        return _dropped(row, "its weight is 0")

    values = _transformed(raw, row)
    center, scale = float(values.mean()), float(values.std())
    if not np.isfinite(scale):
        return _dropped(row, "values are too large to be squared")
    if scale <= _STANDARD_DEVIATION_FLOOR * np.abs(values).max():
        return _dropped(row, "constant")
    counts = np.unique(values, return_counts=True)[1]
    if counts.max() >= near_constant_share * len(values):
        share = counts.max() / len(values)
        return _dropped(row, f"near constant: one value holds {share:.2%} of persons")
    return {**row, "center": center, "scale": scale}


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
