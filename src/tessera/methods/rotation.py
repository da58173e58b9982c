"""Axes rotated to simple structure, so that each speaks of a few features."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tessera.methods._checks import finite_matrix
from tessera.methods._frames import typed_frame
from tessera.methods.components import COMPONENT_TYPES, canonical_sign

_ROUNDING = 1e-9


def varimax(
    loadings: ArrayLike, *, tolerance: float = 1e-9, maximum_sweeps: int = 200
) -> np.ndarray:
    """Find the rotation that makes loadings large or small, and little in between.

    Kaiser's varimax maximises, summed over axes, the variance of the squared loadings
    of the features, each feature first scaled to communality 1 so that badly explained
    ones count alike.

    Parameters
    ----------
    loadings : array-like of shape (n_features, n_axes)
        Correlations of features (rows) and axes; finite.
    tolerance : float, default 1e-9
        Largest angle, in radians, that is no turn any more.
    maximum_sweeps : int, default 200
        Most times that every pair of axes is turned.

    Returns
    -------
    ndarray of shape (n_axes, n_axes), float64
        Orthogonal; ``loadings @ rotation`` are the rotated loadings. The identity for
        fewer than 2 axes, and where nothing loads on anything.

    Raises
    ------
    ValueError
        If a loading is null or infinite.

    Notes
    -----
    Deterministic. Kaiser's planar turns have the best angle of each pair of axes in
    closed form; the shorter iteration by singular value decompositions stays where it
    starts when that is a minimum. Order and sign of the axes are as they come out:
    `rotate_components` puts both right.

    References
    ----------
    Kaiser, H. (1958). The varimax criterion for analytic rotation in factor analysis.
    Psychometrika 23, 187-200.

    Examples
    --------
    >>> turned = np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2)
    >>> np.abs(turned @ varimax(turned)).round(6)
    array([[1., 0.],
           [0., 1.]])
    """
    loadings = finite_matrix(loadings, "loadings")
    axis_count = loadings.shape[1]
    rotation = np.eye(axis_count)
    lengths = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    if axis_count < 2 or not lengths.any():
        return rotation
    rotated = loadings / np.where(lengths > 0, lengths, 1.0)
    for _ in range(maximum_sweeps):
        largest = 0.0
        for first in range(axis_count):
            for second in range(first + 1, axis_count):
                angle = _planar_angle(rotated[:, first], rotated[:, second])
                turn = np.array(
                    [
                        [np.cos(angle), -np.sin(angle)],
                        [np.sin(angle), np.cos(angle)],
                    ]
                )
                plane = [first, second]
                rotated[:, plane] = rotated[:, plane] @ turn
                rotation[:, plane] = rotation[:, plane] @ turn
                largest = max(largest, abs(angle))
        if largest <= tolerance:
            break
    return rotation


def rotate_components(components: pd.DataFrame) -> pd.DataFrame:
    """Turn the kept components by varimax into axes that people can name.

    Persons are compared on the components; the axes say the same in words. The score
    of a person on an axis, the sum over features of ``weight_value * (value -
    feature_mean)``, has variance 1 and correlates with no other axis.

    Parameters
    ----------
    components : DataFrame of shape (n_components * n_features, 7)
        Output of `tessera.methods.components.fit_components`.

    Returns
    -------
    DataFrame of shape (n_components * n_features, 7)
        The columns of the input, of which `component` is the number of the axis, from
        1, most variance first; `loading` is the correlation of feature and axis;
        `explained_variance` and its share are those of the axis, and sum to what the
        components explain together. No components give no rows. A component without
        variance gives an axis on which everybody scores 0.

    Notes
    -----
    Deterministic. The sign of an axis makes its largest absolute loading positive; on
    a tie the first feature decides.

    References
    ----------
    Jolliffe, I. (2002). Principal Component Analysis, 2nd edition, section 11.1.

    Examples
    --------
    >>> from tessera.methods.components import fit_components, project
    >>> matrix = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    >>> components = fit_components(matrix, ["visits", "refunds"])
    >>> rotate_components(components)["loading"].round(3).tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    if components.empty:
        return typed_frame([], COMPONENT_TYPES)
    by_component = [part for _, part in components.groupby("component", sort=True)]
    features = by_component[0]["feature"].tolist()
    means = by_component[0]["feature_mean"].to_numpy()
    loadings = np.column_stack([part["loading"] for part in by_component])
    weights = np.column_stack([part["weight_value"] for part in by_component])
    variances = np.array([part["explained_variance"].iloc[0] for part in by_component])
    shares = np.array(
        [part["explained_variance_share"].iloc[0] for part in by_component]
    )

    rotation = varimax(loadings)
    rotated = np.clip(loadings @ rotation, -1.0, 1.0)
    # Of scores scaled to variance 1, any rotation leaves the variance 1.
    deviations = np.sqrt(np.maximum(variances, 0.0))
    has_spread = deviations > _ROUNDING * max(deviations.max(), _ROUNDING)
    scaled = np.where(has_spread, weights / np.where(has_spread, deviations, 1.0), 0.0)
    turned = scaled @ rotation
    explained = (rotation**2 * variances[:, None]).sum(axis=0)
    explained_shares = (rotation**2 * shares[:, None]).sum(axis=0)

    order = np.argsort(-explained.round(9), kind="stable")
    return typed_frame(
        (
            {
                "component": number,
                "feature": name,
                "weight_value": sign * turned[row, axis],
                "loading": sign * rotated[row, axis],
                "feature_mean": means[row],
                "explained_variance": explained[axis],
                "explained_variance_share": explained_shares[axis],
            }
            for number, axis in enumerate(order, start=1)
            for sign in [canonical_sign(rotated[:, axis], turned[:, axis])]
            for row, name in enumerate(features)
        ),
        COMPONENT_TYPES,
    )


def _planar_angle(first: np.ndarray, second: np.ndarray) -> float:
    """Return the angle by which varimax turns one pair of axes."""
    difference, product = first**2 - second**2, 2 * first * second
    across, along = difference.sum(), product.sum()
    numerator = 2 * (difference @ product - across * along / len(first))
    denominator = (difference @ difference - product @ product) - (
        across**2 - along**2
    ) / len(first)
    # A plane in which every angle is as good as the other is left as it is.
    if max(abs(numerator), abs(denominator)) <= _ROUNDING:
        return 0.0
    return float(np.arctan2(numerator, denominator)) / 4
