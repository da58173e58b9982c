"""Axes people can name: principal components, their loadings and their names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix, require_share, require_unique
from tessera.methods._frames import typed_frame
from tessera.methods.naming import join_traits, labels_by_feature, lower_first

COMPONENT_TYPES = {
    "component": "int64",
    "feature": "str",
    "weight_value": "float64",
    "loading": "float64",
    "feature_mean": "float64",
    "explained_variance": "float64",
    "explained_variance_share": "float64",
}

# Sums of variances are compared with their limits up to rounding.
_ROUNDING = 1e-9
# A second feature has a say in an axis name from this absolute loading, the customary
# threshold of "worth interpreting".
_NAMING_LOADING = 0.3


def fit_components(
    matrix: np.ndarray,
    feature_names: Sequence[str],
    *,
    rule: str = "variance",
    minimum_variance_share: float = 0.85,
) -> pd.DataFrame:
    """Fit principal components and keep as many as the rule asks for.

    The score of a person on a component is the sum over features of
    ``weight_value * (value - feature_mean)``.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Output of `tessera.methods.scaling.transform_features`: finite, without unit.
    feature_names : sequence of str
        Name of each column, in registry order.
    rule : {'variance', 'kaiser'}, default 'variance'
        'variance' keeps the fewest components that together explain at least
        `minimum_variance_share`. 'kaiser' keeps the components whose eigenvalue is
        above the mean eigenvalue, which is 1 when every weight is 1.
    minimum_variance_share : float, default 0.85
        Share of the variance in 0..1; read by the rule 'variance' alone.

    Returns
    -------
    DataFrame of shape (n_components * n_features, 7)
        One row per kept component and feature, in that order: `component` (from 1,
        most variance first), `feature`, `weight_value` (entry of the unit-length
        eigenvector), `loading` (correlation of feature and score, -1..1; 0 for a
        constant feature), `feature_mean`, `explained_variance` (variance of the
        score, with n - 1 as divisor) and `explained_variance_share` (0..1). At least
        one component is kept. Fewer than 2 persons, or no feature, give no rows.

    Raises
    ------
    ValueError
        If names and columns differ in number, a name is repeated, a value is null or
        infinite, the rule is unknown or the share outside 0..1.

    Notes
    -----
    Deterministic: full singular value decomposition on one thread. The sign of each
    component makes its largest absolute loading positive; on a tie the first feature
    decides. The order of rows changes the result by rounding only; pass persons
    sorted by `person_key` for equal bits.

    References
    ----------
    Jolliffe, I. (2002). Principal Component Analysis, 2nd edition, sections 2.3
    (correlations as loadings) and 6.1 (how many components to keep).

    Examples
    --------
    >>> matrix = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    >>> components = fit_components(matrix, ["visits", "orders"])
    >>> components[["component", "feature", "loading"]]
       component feature  loading
    0          1  visits      1.0
    1          1  orders      1.0
    """
    matrix = finite_matrix(matrix, "matrix")
    names = list(feature_names)
    if len(names) != matrix.shape[1]:
        raise ValueError(
            f"feature_names should name the {matrix.shape[1]} columns of matrix, "
            f"found {len(names)}."
        )
    require_unique(pd.Series(names, dtype="object"), "feature_names")
    require_share(minimum_variance_share, "minimum_variance_share")
    if rule not in ("variance", "kaiser"):
        raise ValueError(f"rule should be 'variance' or 'kaiser', found {rule!r}.")
    if len(matrix) < 2 or not names:
        return typed_frame([], COMPONENT_TYPES)

    with threadpool_limits(limits=1), np.errstate(invalid="ignore"):
        pca = PCA(svd_solver="full").fit(matrix)
    variances = pca.explained_variance_
    shares = np.nan_to_num(pca.explained_variance_ratio_)
    if rule == "variance":
        enough = np.cumsum(shares) >= minimum_variance_share - _ROUNDING
        kept = int(np.argmax(enough)) + 1
    else:
        mean_variance = matrix.var(axis=0, ddof=1).mean()
        kept = max(1, int(np.sum(variances > mean_variance * (1 + _ROUNDING))))

    loadings = _loadings(pca.components_, variances, matrix.std(axis=0, ddof=1))
    signs = np.array(
        [canonical_sign(*pair) for pair in zip(loadings, pca.components_, strict=True)]
    )
    return typed_frame(
        (
            {
                "component": position + 1,
                "feature": name,
                "weight_value": signs[position] * pca.components_[position, column],
                "loading": signs[position] * loadings[position, column],
                "feature_mean": pca.mean_[column],
                "explained_variance": variances[position],
                "explained_variance_share": shares[position],
            }
            for position in range(kept)
            for column, name in enumerate(names)
        ),
        COMPONENT_TYPES,
    )


def project(matrix: np.ndarray, components: pd.DataFrame) -> np.ndarray:
    """Score each person on each kept component.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Columns in the order in which they were fitted.
    components : DataFrame
        Output of `fit_components`.

    Returns
    -------
    ndarray of shape (n_persons, n_components), float64
        Without unit. Empty `components` give shape (n_persons, 0), no persons give
        shape (0, n_components).

    Raises
    ------
    ValueError
        If `matrix` has a null or an infinity, or another number of features.

    Notes
    -----
    Deterministic; each row depends on itself alone.

    Examples
    --------
    >>> components = fit_components(np.array([[1.0], [3.0]]), ["visits"])
    >>> project(np.array([[4.0]]), components)
    array([[2.]])
    """
    matrix = finite_matrix(matrix, "matrix")
    if components.empty:
        return np.empty((len(matrix), 0))
    by_component = [part for _, part in components.groupby("component", sort=True)]
    weights = np.column_stack([part["weight_value"] for part in by_component])
    means = by_component[0]["feature_mean"].to_numpy()
    if matrix.shape[1] != len(means):
        raise ValueError(
            f"matrix should have the {len(means)} fitted features, "
            f"found {matrix.shape[1]}."
        )
    with threadpool_limits(limits=1):
        return (matrix - means) @ weights


def name_axes(components: pd.DataFrame, labels: pd.DataFrame) -> dict[int, str]:
    """Name each component after the two features that load most on it.

    Parameters
    ----------
    components : DataFrame
        Output of `fit_components`.
    labels : DataFrame of shape (n_features, n_columns)
        `feature`, `label_high` and `label_low`: what a person high, or low, on it is.

    Returns
    -------
    dict of int to str
        Component to name, such as "Buys often, many categories vs. buys rarely": the
        high end, then the other end of its first feature. The second feature appears
        from an absolute loading of 0.3 on. Equal names carry their axis number. No
        components give an empty dict.

    Raises
    ------
    ValueError
        If a feature has no label, or `labels` repeats one.

    Notes
    -----
    Deterministic. Loadings are compared at two decimals, ties going to the first
    feature, so that noise in a refit does not reword an axis.

    Examples
    --------
    >>> components = fit_components(np.array([[1.0], [3.0]]), ["orders"])
    >>> labels = pd.DataFrame(
    ...     {
    ...         "feature": ["orders"],
    ...         "label_high": ["Buys often"],
    ...         "label_low": ["Buys rarely"],
    ...     }
    ... )
    >>> name_axes(components, labels)
    {1: 'Buys often vs. buys rarely'}
    """
    texts = labels_by_feature(labels, components["feature"])
    names: dict[int, str] = {}
    for component, part in components.groupby("component", sort=True):
        loadings = part["loading"].to_numpy()
        order = np.argsort(-np.abs(loadings).round(2), kind="stable")
        first, *second = order[:2]
        strong = [first, *(at for at in second if abs(loadings[at]) >= _NAMING_LOADING)]
        features = part["feature"].to_numpy()
        ends = [texts[features[at]] for at in strong]
        high = [
            end[0] if loadings[at] >= 0 else end[1]
            for at, end in zip(strong, ends, strict=True)
        ]
        opposite = ends[0][1] if loadings[first] >= 0 else ends[0][0]
        names[int(component)] = f"{join_traits(high)} vs. {lower_first(opposite)}"
    return {
        component: f"{name} (axis {component})"
        if list(names.values()).count(name) > 1
        else name
        for component, name in names.items()
    }


def canonical_sign(loadings: np.ndarray, weights: np.ndarray) -> float:
    """Return the sign that makes the largest absolute loading positive.

    Parameters
    ----------
    loadings : ndarray of shape (n_features,)
        Decides unless all are 0.
    weights : ndarray of shape (n_features,)
        Decides where no feature loads.

    Returns
    -------
    float
        1 or -1; on a tie the first feature decides.

    Examples
    --------
    >>> canonical_sign(np.array([0.2, -0.9]), np.array([0.1, -0.5]))
    -1.0
    """
    decisive = loadings if np.any(loadings) else weights
    sizes = np.abs(decisive)
    first = int(np.flatnonzero(sizes >= sizes.max() - _ROUNDING)[0])
    return -1.0 if decisive[first] < 0 else 1.0


def _loadings(
    eigenvectors: np.ndarray, variances: np.ndarray, deviations: np.ndarray
) -> np.ndarray:
    """Correlate features (columns) with component scores (rows)."""
    covariances = eigenvectors * np.sqrt(np.maximum(variances, 0.0))[:, None]
    safe = np.where(deviations > 0, deviations, 1.0)
    return np.clip(np.where(deviations > 0, covariances / safe, 0.0), -1.0, 1.0)
