"""Is there anything to find? What persons without structure would look like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix
from tessera.methods.agreement import sampled_rows
from tessera.methods.components import fit_components, project
from tessera.methods.indices import silhouettes
from tessera.methods.mixture import nearest_centroid
from tessera.methods.partitions import part_by_centroids


def structureless_silhouette(
    points: np.ndarray,
    segment_counts: Sequence[int],
    *,
    reference_count: int = 2,
    row_limit: int = 1_500,
    random_state: int,
) -> float:
    """Measure how good a silhouette K-means gets where there are no segments.

    Persons are drawn from one Gaussian with the covariance of the points, and evenly
    from the box around their principal components. K-means parts each such set into
    every number of segments; the best silhouette of all is what segments have to beat.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite.
    segment_counts : sequence of int
        Numbers of segments tried.
    reference_count : int, default 2
        Sets drawn of either kind, at least 1.
    row_limit : int, default 1_500
        Most persons in a set.
    random_state : int
        Seed of the sets.

    Returns
    -------
    float
        In -1..1; -1 when there is nothing to draw or to try.

    Raises
    ------
    ValueError
        If a value is null or infinite.

    Notes
    -----
    Deterministic.

    References
    ----------
    Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters
    in a data set via the gap statistic. JRSS B 63, for the box. Liu, Y. et al. (2008).
    Statistical significance of clustering. JASA 103, for the Gaussian.

    Examples
    --------
    >>> blobs = np.repeat([[0.0, 0.0], [9.0, 9.0]], 50, axis=0)
    >>> blobs = blobs + np.random.default_rng(0).normal(size=(100, 2))
    >>> structureless_silhouette(blobs, [2, 3], random_state=0) < 0.8
    True
    """
    points = finite_matrix(points, "points")
    if len(points) < 2 or not points.shape[1] or not len(segment_counts):
        return -1.0
    sets = []
    random = np.random.default_rng(random_state)
    shape = (min(len(points), row_limit), points.shape[1])
    with threadpool_limits(limits=1):
        centred = points - points.mean(axis=0)
        _, axes = np.linalg.eigh(np.atleast_2d(np.cov(centred.T)))
        turned = centred @ axes
    deviations = turned.std(axis=0)
    low, high = turned.min(axis=0), turned.max(axis=0)
    for _ in range(reference_count):
        sets.append(random.normal(size=shape) * deviations)
        sets.append(random.uniform(low, high, size=shape))
    return max(
        best_silhouette(one, segment_counts, random_state=random_state) for one in sets
    )


def shuffled_points(
    matrix: np.ndarray,
    component_count: int,
    *,
    row_limit: int = 1_500,
    random_state: int,
) -> np.ndarray:
    """Draw persons whose features have nothing to do with each other.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Output of `tessera.methods.scaling.transform_features`; finite.
    component_count : int
        Principal components to keep, as many as the model has.
    row_limit : int, default 1_500
        Most persons drawn.
    random_state : int
        Seed of the draw and the shuffling.

    Returns
    -------
    ndarray of shape (n_drawn, at most component_count), float64
        Every feature has been shuffled by itself, then all are projected anew. Fewer
        than 2 persons, no feature or no component give no rows.

    Raises
    ------
    ValueError
        If a value is null or infinite.

    Notes
    -----
    Deterministic; rows are drawn by position.

    Examples
    --------
    >>> both = np.repeat([[0.0, 0.0], [1.0, 1.0]], 50, axis=0)
    >>> len(np.unique(shuffled_points(both, 2, random_state=0).round(6), axis=0))
    4
    """
    matrix = finite_matrix(matrix, "matrix")
    kept = min(component_count, *matrix.shape)
    if len(matrix) < 2 or kept < 1:
        return np.empty((0, max(kept, 0)))
    random = np.random.default_rng(random_state)
    drawn = matrix[sampled_rows(len(matrix), row_limit, random_state)]
    shuffled = random.permuted(drawn, axis=0)
    names = [str(column) for column in range(matrix.shape[1])]
    components = fit_components(shuffled, names, minimum_variance_share=1.0)
    return project(shuffled, components[components["component"] <= kept])


def best_silhouette(
    points: np.ndarray, segment_counts: Sequence[int], *, random_state: int
) -> float:
    """Find the best silhouette that K-means gets on a set of persons.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite; at most 10,000 persons.
    segment_counts : sequence of int
        Numbers of segments tried.
    random_state : int
        Seed of the starts.

    Returns
    -------
    float
        In -1..1; -1 when no silhouette is defined.

    Examples
    --------
    >>> best_silhouette(np.array([[0.0], [0.0], [1.0]]), [2], random_state=0) > 0.6
    True
    """
    if not points.size:
        return -1.0
    found = part_by_centroids(
        points, "k_means", segment_counts, random_state=random_state
    )
    partitions = [
        nearest_centroid(points, centroids) - 1 for centroids in found.values()
    ]
    means = [one.mean for one in silhouettes(points, partitions)]
    return max((mean for mean in means if not np.isnan(mean)), default=-1.0)
