"""Which features persons are clustered on, and why the others are not.

A feature that hardly varies, that repeats another, or that the axes kept do not see
cannot tell segments apart; each is left out with its reason and the figure behind it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from tessera.methods._checks import require_columns, require_share
from tessera.methods._frames import typed_frame
from tessera.methods.components import fit_components
from tessera.methods.scaling import fit_scaling, transform_features

SELECTION_TYPES = {
    "feature": "str",
    "is_kept": "bool",
    "reason": "str",
    "missing_share": "float64",
    "variance": "float64",
    "top_value_share": "float64",
    "nearest_feature": "str",
    "nearest_correlation": "float64",
    "component_contribution": "float64",
}


def select_features(
    sample: pd.DataFrame,
    registry: pd.DataFrame,
    *,
    bounds: pd.DataFrame | None = None,
    known_days: int | None = None,
    near_constant_share: float = 0.9,
    duplicate_correlation: float = 0.98,
    maximum_missing_share: float = 0.5,
    rule: str = "variance",
    minimum_variance_share: float = 0.85,
    minimum_contribution: float = 0.05,
) -> pd.DataFrame:
    """Choose the features to cluster on by variance, correlation and contribution.

    Considered are the features that the registry clusters on. Left out are those that
    `tessera.methods.scaling.fit_scaling` drops (constant, near constant, a
    near-duplicate, missing too often, weight 0), those that need a longer history than
    there is, and of the others those whose contribution is below the minimum. The
    contribution, or communality, is the share of a feature's variance that the axes
    kept tell: a feature below the minimum hardly moves anybody's place on them.

    A feature that holds a window against the days before it says nothing of persons
    while there are no such days: everybody has the same value, and a model fitted then
    takes the passing of time for a change in them.

    Parameters
    ----------
    sample : DataFrame of shape (n_persons, n_columns)
        As `fit_scaling` takes it, with a column per feature of the registry.
    registry : DataFrame of shape (n_features, n_columns)
        As `fit_scaling` takes it, most wanted first, with `is_clustered` and, if
        `known_days` is given, `history_days`: days of history that a feature needs,
        null for none.
    bounds : DataFrame, optional
        As `fit_scaling` takes it.
    known_days : int, optional
        Days of history that there are, at least 0. Default: enough for every feature.
    near_constant_share, duplicate_correlation, maximum_missing_share : float
        As `fit_scaling` takes them.
    rule, minimum_variance_share
        As `tessera.methods.components.fit_components` takes them: which axes are kept.
    minimum_contribution : float, default 0.05
        Least share of its variance, 0..1, that the axes have to tell of a feature.

    Returns
    -------
    DataFrame of shape (n_features, 9)
        One row per registry feature, in registry order: `feature`; `is_kept`; `reason`,
        why it is not, else null; `missing_share` (0..1 of persons); `variance` (of the
        values filled and transformed); `top_value_share` (0..1 of persons with the
        commonest such value); `nearest_feature` and `nearest_correlation` (of the other
        features that `fit_scaling` uses the one that correlates most, and its Pearson
        correlation, -1..1); `component_contribution` (0..1). Figures that cannot be
        taken, because all values are null, there is no spread or the feature is on no
        axis, are null. No persons or no features give no rows.

    Raises
    ------
    ValueError
        As `fit_scaling` and `fit_components`; if `is_clustered` is missing, or
        `history_days` with `known_days` given; or the minimum outside 0..1.

    Notes
    -----
    Deterministic, with no random step; the order of the sample's rows changes nothing
    but rounding. Contributions are taken once, with all considered features on the
    axes, so that what is left out does not depend on the order of leaving out.

    References
    ----------
    Jolliffe, I. (1972). Discarding variables in a principal component analysis.
    Applied Statistics 21.

    Examples
    --------
    >>> sample = pd.DataFrame(
    ...     {"person_key": [1, 2, 3], "visits": [1.0, 2.0, 4.0], "shop": [1.0] * 3}
    ... )
    >>> registry = pd.DataFrame(
    ...     {
    ...         "feature": ["visits", "shop"],
    ...         "transform": ["none", "none"],
    ...         "imputation": ["mean", "mean"],
    ...         "weight": [1.0, 1.0],
    ...         "is_clustered": [True, True],
    ...     }
    ... )
    >>> selection = select_features(sample, registry)
    >>> selection[["feature", "is_kept", "reason"]].astype(object).values.tolist()
    [['visits', True, nan], ['shop', False, 'constant']]
    """
    require_columns(registry, ["feature", "is_clustered"], "registry")
    require_share(minimum_contribution, "minimum_contribution")
    immature = _immature(registry, known_days)
    if sample.empty or registry.empty:
        return typed_frame([], SELECTION_TYPES)

    # Apart, so that what is not clustered on displaces nothing and predicts nothing.
    ordered = sample.sort_values("person_key", kind="stable")
    is_clustered = registry["is_clustered"].astype(bool)
    considered, others = (
        fit_scaling(
            ordered,
            registry[is_chosen],
            bounds=bounds,
            left_out=immature,
            near_constant_share=near_constant_share,
            duplicate_correlation=duplicate_correlation,
            maximum_missing_share=maximum_missing_share,
        )
        for is_chosen in (is_clustered, ~is_clustered)
    )
    scaling = pd.concat([considered, others], ignore_index=True)
    names = considered.loc[considered["is_used"], "feature"].tolist()
    matrix = transform_features(ordered, considered)
    contributions = _contributions(matrix, names, rule, minimum_variance_share)
    # Threads would wait for each other longer than a product with one column takes.
    with threadpool_limits(limits=1):
        figures = _figures(ordered, scaling, matrix, names)

    dropped = scaling.set_index("feature")["drop_reason"]
    missing = scaling.set_index("feature")["missing_share"]
    rows = []
    for entry in registry.to_dict("records"):
        name = entry["feature"]
        contribution = contributions.get(name)
        reason = None if pd.isna(dropped[name]) else dropped[name]
        if not entry["is_clustered"]:
            reason = "the registry does not cluster on it"
        elif reason is None and contribution < minimum_contribution:
            reason = (
                f"the axes tell {contribution:.2%} of its variance, "
                f"less than {minimum_contribution:.2%}"
            )
        rows.append(
            {
                "feature": name,
                "is_kept": reason is None,
                "reason": reason,
                "missing_share": missing[name],
                "component_contribution": contribution,
                **figures[name],
            }
        )
    return typed_frame(rows, SELECTION_TYPES)


def _immature(registry: pd.DataFrame, known_days: int | None) -> dict[str, str]:
    """Give the features that need more days than there are a reason to be left out."""
    if known_days is None:
        return {}
    require_columns(registry, ["history_days"], "registry")
    needed = registry.set_index("feature")["history_days"].dropna()
    return {
        feature: f"it needs {days:.0f} days of history, there are {known_days}"
        for feature, days in needed[needed > known_days].items()
    }


def _contributions(
    matrix: np.ndarray, names: list[str], rule: str, minimum_variance_share: float
) -> dict[str, float]:
    """Sum each feature's squared loadings over the axes kept."""
    components = fit_components(
        matrix, names, rule=rule, minimum_variance_share=minimum_variance_share
    )
    squares = components["loading"] ** 2
    told = squares.groupby(components["feature"]).sum().to_dict()
    # Without axes, as with a single person, nothing says that a feature is not seen.
    return {name: min(told.get(name, 1.0), 1.0) for name in names}


def _figures(
    sample: pd.DataFrame, scaling: pd.DataFrame, matrix: np.ndarray, names: list[str]
) -> dict[str, dict[str, float | str | None]]:
    """Take variance, commonest value and nearest considered feature of every one."""
    # Whatever its verdict; what a model fills is filled with the median here.
    known = scaling.assign(
        is_used=scaling["imputed_value"].notna(),
        center=0.0,
        scale=1.0,
        weight=1.0,
        model_intercept=np.nan,
    )
    standardised = np.ascontiguousarray(_standardised(matrix).T)
    has_spread = standardised.any(axis=1)
    others = np.array(names, dtype="object")[has_spread]
    standardised = standardised[has_spread]
    figures = {}
    for position, name in enumerate(scaling["feature"]):
        # One by one: all of them at once would be the sample's size again.
        values = transform_features(sample, known.iloc[[position]])
        if not values.size:
            figures[name] = _figure(None, None, None, None)
            continue
        column = values[:, 0]
        top = np.unique(column, return_counts=True)[1].max() / len(column)
        own = _standardised(column.reshape(-1, 1))[:, 0]
        correlations = (standardised @ own / len(own))[others != name]
        if not correlations.size or not np.any(own):
            figures[name] = _figure(float(column.var()), float(top), None, None)
            continue
        nearest = int(np.abs(correlations).argmax())
        figures[name] = _figure(
            float(column.var()),
            float(top),
            others[others != name][nearest],
            float(correlations[nearest]),
        )
    return figures


def _figure(variance, top_value_share, nearest, correlation):
    return {
        "variance": variance,
        "top_value_share": top_value_share,
        "nearest_feature": nearest,
        "nearest_correlation": correlation,
    }


def _standardised(matrix: np.ndarray) -> np.ndarray:
    """Centre and scale columns; one without spread becomes 0 throughout."""
    deviations = matrix.std(axis=0)
    is_flat = deviations <= 1e-9 * np.abs(matrix).max(axis=0, initial=0.0)
    return np.where(
        is_flat, 0.0, (matrix - matrix.mean(axis=0)) / np.where(is_flat, 1, deviations)
    )
