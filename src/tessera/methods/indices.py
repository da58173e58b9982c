"""Figures of a partition: how compact its segments are, and how far apart."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from kneed import KneeLocator
from scipy.spatial.distance import cdist
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix
from tessera.methods._kmeans import kmeans_centroids
from tessera.methods.mixture import nearest_centroid

SILHOUETTE_ROW_LIMIT = 10_000

_BLOCK_ROWS = 512
_ELBOW_MINIMUM_POINTS = 3
# Two standard errors either side: 95 % of a normal distribution.
_NORMAL_QUANTILE = 1.96


@dataclass(frozen=True)
class Silhouette:
    """Mean silhouette of a partition, and how sure it is.

    Attributes
    ----------
    mean : float
        In -1..1; NaN unless 2 <= segments < persons.
    standard_error : float
        Of the mean, persons taken as drawn one by one; NaN where the mean is.
    """

    mean: float
    standard_error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 95 % interval, within -1..1."""
        reach = _NORMAL_QUANTILE * self.standard_error
        return max(self.mean - reach, -1.0), min(self.mean + reach, 1.0)


def silhouettes(
    points: np.ndarray, partitions: Sequence[np.ndarray]
) -> list[Silhouette]:
    """Measure the silhouette of many partitions of the same persons in one pass.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        At most 10,000 persons, for the work grows with their square; finite.
    partitions : sequence of ndarray of shape (n_persons,)
        Segment numbers from 0, none negative.

    Returns
    -------
    list of Silhouette
        One per partition, in order.

    Raises
    ------
    ValueError
        If a value is null or infinite, there are more than 10,000 persons, or a
        partition has another length.

    Notes
    -----
    Deterministic. Distances are computed block by block, so memory stays at some
    hundred rows by persons. A person alone in a segment counts 0.

    References
    ----------
    Rousseeuw, P. (1987). Silhouettes. J. Comput. Appl. Math. 20, 53-65.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> [found] = silhouettes(points, [np.array([0, 0, 1, 1])])
    >>> round(found.mean, 3)
    0.9
    """
    values = row_silhouettes(points, partitions)
    return [
        Silhouette(float(row.mean()), float(row.std() / math.sqrt(len(row))))
        if 2 <= len(np.unique(numbers)) < len(row)
        else Silhouette(math.nan, math.nan)
        for row, numbers in zip(values, partitions, strict=True)
    ]


def row_silhouettes(points: np.ndarray, partitions: Sequence[np.ndarray]) -> np.ndarray:
    """Measure the silhouette of every person in many partitions in one pass.

    Parameters
    ----------
    points, partitions
        As of `silhouettes`.

    Returns
    -------
    ndarray of shape (n_partitions, n_persons), float64
        In -1..1; 0 for a person alone in a segment, and where there is one segment.

    Raises
    ------
    ValueError
        As `silhouettes` does.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> row_silhouettes(points, [np.array([0, 0, 1, 1]), np.zeros(4, dtype=int)])
    array([[0.9047619 , 0.89473684, 0.89473684, 0.9047619 ],
           [0.        , 0.        , 0.        , 0.        ]])
    """
    points = finite_matrix(points, "points")
    if len(points) > SILHOUETTE_ROW_LIMIT:
        raise ValueError(
            f"silhouettes should be measured on at most {SILHOUETTE_ROW_LIMIT} "
            f"persons, found {len(points)}."
        )
    sizes = []
    for numbers in partitions:
        if np.shape(numbers) != (len(points),):
            raise ValueError(
                f"a partition should number {len(points)} persons, "
                f"found shape {np.shape(numbers)}."
            )
        sizes.append(np.bincount(numbers, minlength=1))
    values = np.zeros((len(sizes), len(points)))
    if not values.size:
        return values

    starts = np.cumsum([0, *(len(counts) for counts in sizes)])
    members = np.zeros((len(points), starts[-1]))
    for start, numbers in zip(starts[:-1], partitions, strict=True):
        members[np.arange(len(points)), start + numbers] = 1.0
    with threadpool_limits(limits=1):
        for begin in range(0, len(points), _BLOCK_ROWS):
            rows = np.arange(begin, min(begin + _BLOCK_ROWS, len(points)))
            totals = cdist(points[rows], points) @ members
            for which, (start, counts, numbers) in enumerate(
                zip(starts[:-1], sizes, partitions, strict=True)
            ):
                values[which, rows] = _row_silhouettes(
                    totals[:, start : start + len(counts)], counts, numbers[rows]
                )
    return values


def davies_bouldin(points: np.ndarray, numbers: np.ndarray) -> float:
    """Return the Davies-Bouldin index, lower is better; NaN where undefined.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> davies_bouldin(points, np.array([0, 0, 1, 1]))
    0.1
    """
    if not 2 <= len(np.unique(numbers)) < len(numbers):
        return math.nan
    with threadpool_limits(limits=1), np.errstate(divide="ignore", invalid="ignore"):
        return float(davies_bouldin_score(points, numbers))


def calinski_harabasz(points: np.ndarray, numbers: np.ndarray) -> float:
    """Return the Calinski-Harabasz index, higher is better; NaN where undefined.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> calinski_harabasz(points, np.array([0, 0, 1, 1]))
    200.0
    """
    if not 2 <= len(np.unique(numbers)) < len(numbers):
        return math.nan
    with np.errstate(over="ignore"):
        return float(calinski_harabasz_score(points, numbers))


def dunn(points: np.ndarray, numbers: np.ndarray) -> float:
    """Return Dunn's index, higher is better; NaN where undefined.

    The least distance between two persons of different segments over the greatest
    between two of one. The work grows with the square of the persons: pass a sample.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> dunn(points, np.array([0, 0, 1, 1]))
    9.0
    """
    if not 2 <= len(np.unique(numbers)) < len(numbers):
        return math.nan
    between, within = math.inf, 0.0
    for begin in range(0, len(points), _BLOCK_ROWS):
        rows = slice(begin, begin + _BLOCK_ROWS)
        distances = cdist(points[rows], points)
        is_same = numbers[rows, None] == numbers[None, :]
        within = max(within, float(distances[is_same].max()))
        if not is_same.all():
            between = min(between, float(distances[~is_same].min()))
    return between / within if within > 0 else math.inf


def elbow(segment_counts: Sequence[int], inertias: Sequence[float]) -> int | None:
    """Find the number of segments at which the inertia bends; None if it does not.

    References
    ----------
    Satopaa, V. et al. (2011). Finding a "kneedle" in a haystack. ICDCS Workshops.

    Examples
    --------
    >>> elbow([1, 2, 3, 4, 5], [100.0, 40.0, 10.0, 8.0, 7.0])
    3
    """
    if len(inertias) < _ELBOW_MINIMUM_POINTS or max(inertias) == min(inertias):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        knee = KneeLocator(
            list(segment_counts), list(inertias), curve="convex", direction="decreasing"
        ).knee
    return None if knee is None else int(knee)


def gap_statistics(
    points: np.ndarray,
    segment_counts: Sequence[int],
    *,
    reference_count: int = 10,
    random_state: int,
) -> dict[int, tuple[float, float]]:
    """Compare the spread within K-means segments with that of evenly spread persons.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite; pass a sample of some thousand.
    segment_counts : sequence of int
        Numbers of segments to compare, each in 1..n_persons.
    reference_count : int, default 10
        Sets of evenly spread persons drawn, at least 2.
    random_state : int
        Seed of these and of the K-means starts.

    Returns
    -------
    dict of int to tuple of float
        Number of segments to its gap, the mean logarithm of the reference's spread
        less that of the persons, and the standard error of the gap. NaN where either
        spread is 0.

    Notes
    -----
    Deterministic. The references fill the box around the persons along their principal
    components.

    References
    ----------
    Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters
    in a data set via the gap statistic. JRSS B 63, 411-423.

    Examples
    --------
    >>> points = np.repeat([[0.0], [9.0]], 20, axis=0) + np.linspace(0, 1, 40)[:, None]
    >>> gaps = gap_statistics(points, [1, 2, 3], random_state=0)
    >>> max(gaps, key=lambda count: gaps[count][0])
    2
    """
    points = finite_matrix(points, "points")
    random = np.random.default_rng(random_state)
    centred = points - points.mean(axis=0) if len(points) else points
    with threadpool_limits(limits=1):
        directions = np.linalg.svd(centred, full_matrices=False)[2]
        turned = centred @ directions.T
        low, high = turned.min(axis=0), turned.max(axis=0)
        references = [
            random.uniform(low, high, size=turned.shape) for _ in range(reference_count)
        ]
    gaps = {}
    for count in segment_counts:
        own = _log_spread(turned, count, random_state)
        others = np.array([_log_spread(one, count, random_state) for one in references])
        error = float(others.std() * math.sqrt(1 + 1 / reference_count))
        gaps[count] = float(others.mean()) - own, error
    return gaps


def _row_silhouettes(
    totals: np.ndarray, counts: np.ndarray, own: np.ndarray
) -> np.ndarray:
    """Turn summed distances to each segment into silhouettes of persons."""
    rows = np.arange(len(own))
    own_counts = counts[own]
    inside = totals[rows, own] / np.maximum(own_counts - 1, 1)
    outside = np.where(counts > 0, totals / np.maximum(counts, 1), np.inf)
    outside[rows, own] = np.inf
    nearest = outside.min(axis=1)
    largest = np.maximum(inside, nearest)
    is_defined = (own_counts > 1) & np.isfinite(nearest) & (largest > 0)
    return np.divide(
        np.where(is_defined, nearest - inside, 0.0),
        largest,
        out=np.zeros(len(own)),
        where=is_defined,
    )


def _log_spread(points: np.ndarray, count: int, random_state: int) -> float:
    """Return the logarithm of the K-means inertia, NaN when it is 0."""
    if count == 1:
        centroids = points.mean(axis=0, keepdims=True)
    else:
        centroids = kmeans_centroids(points, count, n_init=1, random_state=random_state)
    numbers = nearest_centroid(points, centroids) - 1
    inertia = float(((points - centroids[numbers]) ** 2).sum())
    return math.log(inertia) if inertia > 0 else math.nan
