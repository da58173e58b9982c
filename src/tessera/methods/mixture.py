"""Nearest centroids and segment probabilities: the reference for the scoring SQL."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import softmax

from tessera.methods._checks import finite_matrix

# Persons whose sums fit the processor's cache.
_BLOCK_ROWS = 4096


def segment_probabilities(
    points: ArrayLike,
    centroids: ArrayLike,
    person_shares: ArrayLike,
    within_variance: ArrayLike,
) -> np.ndarray:
    """Compute how probable each segment is for each person.

    The posterior of an isotropic Gaussian mixture, whose means are the centroids and
    whose weights are the segments' shares of persons. All segments have one variance,
    the mean of `within_variance` weighted by `person_shares`: boundaries between
    segments then are straight, as those of K-means, and no broad segment takes the
    persons at the far side of a tight one.

    Parameters
    ----------
    points : array-like of shape (n_persons, n_dimensions)
        Persons on the axes of the centroids; finite.
    centroids : array-like of shape (n_segments, n_dimensions)
        Finite.
    person_shares : array-like of shape (n_segments,)
        Share of persons per segment, at least 0; rescaled to sum to 1.
    within_variance : array-like of shape (n_segments,)
        Mean squared distance to the centroid divided by `n_dimensions`, above 0.

    Returns
    -------
    ndarray of shape (n_persons, n_segments), float64
        Probabilities in 0..1 that sum to 1 in each row; 0 for a segment with share 0.
        No persons give shape (0, n_segments), no segments (n_persons, 0). Without
        dimensions every row repeats the shares.

    Raises
    ------
    ValueError
        If a value is null or infinite, lengths differ, a share is negative, all
        shares are 0 or a variance is not above 0.

    Notes
    -----
    Deterministic; each row depends on itself alone. Computed on the log scale, from
    distances less the smallest of the row (log-sum-exp), so a person far from every
    centroid gets probabilities rather than 0 / 0.

    References
    ----------
    Bishop, C. (2006). Pattern Recognition and Machine Learning, section 9.3.2, on
    K-means as the limit of this mixture.

    Examples
    --------
    >>> probabilities = segment_probabilities(
    ...     [[0.0], [1.0]], [[-1.0], [1.0]], [0.5, 0.5], [1.0, 1.0]
    ... )
    >>> probabilities.round(3)
    array([[0.5  , 0.5  ],
           [0.119, 0.881]])
    """
    distances = squared_distances(points, centroids)
    shares = _per_segment(person_shares, distances.shape[1], "person_shares")
    variances = _per_segment(within_variance, distances.shape[1], "within_variance")
    if not distances.shape[1]:
        return distances
    if shares.min() < 0 or shares.sum() <= 0:
        raise ValueError(
            f"person_shares should be >= 0 with a sum above 0, found {shares.tolist()}."
        )
    if variances.min() <= 0:
        raise ValueError(f"within_variance should be > 0, found {variances.tolist()}.")

    shares = shares / shares.sum()
    pooled_variance = float(shares @ variances)
    log_shares = np.log(shares, out=np.full(len(shares), -np.inf), where=shares > 0)
    # Beyond the nearest: far from all centroids, the shares would be lost in rounding.
    excess = distances - distances.min(axis=1, keepdims=True)
    return softmax(log_shares - excess / (2 * pooled_variance), axis=1)


def nearest_centroid(points: ArrayLike, centroids: ArrayLike) -> np.ndarray:
    """Find the number of the centroid nearest to each person.

    Parameters
    ----------
    points : array-like of shape (n_persons, n_dimensions)
        Finite.
    centroids : array-like of shape (n_segments, n_dimensions)
        Finite; row 0 is segment number 1.

    Returns
    -------
    ndarray of shape (n_persons,), int64
        Segment number from 1 to `n_segments`; of equally near ones the lowest. No
        persons give an empty array.

    Raises
    ------
    ValueError
        If a value is null or infinite, dimensions differ, or there are persons but no
        centroids.

    Notes
    -----
    Deterministic; each row depends on itself alone.

    Examples
    --------
    >>> nearest_centroid([[0.0], [3.0]], [[-1.0], [1.0]])
    array([1, 2])
    """
    distances = squared_distances(points, centroids)
    if not distances.size:
        if len(distances):
            raise ValueError("centroids should have at least 1 row, found 0.")
        return np.empty(0, dtype="int64")
    return distances.argmin(axis=1).astype("int64") + 1


def squared_distances(points: ArrayLike, centroids: ArrayLike) -> np.ndarray:
    """Compute squared Euclidean distances, summed axis by axis as SQL does.

    Parameters
    ----------
    points : array-like of shape (n_persons, n_dimensions)
        Finite.
    centroids : array-like of shape (n_segments, n_dimensions)
        Finite.

    Returns
    -------
    ndarray of shape (n_persons, n_segments), float64
        At least 0. Either length may be 0.

    Raises
    ------
    ValueError
        If a value is null or infinite, or dimensions differ.

    Notes
    -----
    Deterministic. Differences are squared, not expanded, and added from the first axis
    to the last: the bits equal those of ``(x1 - c1) * (x1 - c1) + (x2 - c2) * ...``.

    Examples
    --------
    >>> squared_distances([[0.0, 0.0]], [[3.0, 4.0]])
    array([[25.]])
    """
    points = finite_matrix(points, "points")
    centroids = finite_matrix(centroids, "centroids")
    if points.shape[1] != centroids.shape[1]:
        raise ValueError(
            f"points and centroids should have equal dimensions, "
            f"found {points.shape[1]} and {centroids.shape[1]}."
        )
    distances = np.zeros((len(points), len(centroids)))
    for start in range(0, len(points), _BLOCK_ROWS):
        block = slice(start, start + _BLOCK_ROWS)
        by_axis = np.ascontiguousarray(points[block].T)
        sums = np.zeros((len(centroids), by_axis.shape[1]))
        for places, centres in zip(by_axis, centroids.T, strict=True):
            differences = places - centres[:, None]
            differences *= differences
            sums += differences
        distances[block] = sums.T
    return distances


def _per_segment(values: ArrayLike, count: int, name: str) -> np.ndarray:
    array = np.asarray(values, dtype="float64")
    if array.shape != (count,):
        raise ValueError(
            f"{name} should hold one value per centroid ({count}), "
            f"found shape {array.shape}."
        )
    if not np.isfinite(array).all():
        raise ValueError(f"{name} should be finite, found {array.tolist()}.")
    return array
