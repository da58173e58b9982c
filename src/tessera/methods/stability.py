"""How well each segment survives a redraw of the persons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tessera.methods._checks import finite_matrix
from tessera.methods._kmeans import kmeans_centroids
from tessera.methods.mixture import nearest_centroid


def bootstrap_stability(
    points: np.ndarray,
    centroids: ArrayLike,
    *,
    resample_count: int = 20,
    sample_size_limit: int = 10_000,
    n_init: int = 5,
    random_state: int,
) -> np.ndarray:
    """Measure the stability of each segment by Hennig's clusterwise bootstrap.

    K-means is refitted on bootstrap resamples. For each segment and resample, the best
    Jaccard similarity with a refitted cluster is kept; their mean over the resamples
    that draw a member of the segment is its stability. Customary reading: from 0.85
    stable, from 0.75 valid, below 0.6 not to be trusted.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on the axes of the centroids; finite.
    centroids : array-like of shape (n_segments, n_dimensions)
        The segments under test, number 1 first; finite.
    resample_count : int, default 20
        Number of resamples, at least 1.
    sample_size_limit : int, default 10_000
        Most persons looked at, at least 1; more are sampled without replacement.
    n_init : int, default 5
        Number of k-means++ starts per resample.
    random_state : int
        Seed of the sample, the resamples and the starts.

    Returns
    -------
    ndarray of shape (n_segments,), float64
        Mean Jaccard similarity in 0..1, in the order of `centroids`. 0 for a segment
        of which no member was drawn, hence zeros without persons: what could not be
        measured is not called stable. No segments give an empty array.

    Raises
    ------
    ValueError
        If a value is null or infinite, dimensions differ, or a count is below 1.

    Notes
    -----
    Deterministic (see `tessera.methods._kmeans`); resamples are drawn by position, so
    pass persons sorted by `person_key`. A person drawn twice in a resample counts
    once, as in ``fpc::clusterboot`` by default. A resample with fewer persons than
    segments is refitted with as many clusters as it has persons.

    References
    ----------
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational
    Statistics & Data Analysis 52, 258-271.

    Examples
    --------
    >>> points = np.repeat([[0.0], [10.0]], 20, axis=0)
    >>> bootstrap_stability(points, [[0.0], [10.0]], random_state=0)
    array([1., 1.])
    """
    points = finite_matrix(points, "points")
    centroids = finite_matrix(centroids, "centroids")
    for name, value in (
        ("resample_count", resample_count),
        ("sample_size_limit", sample_size_limit),
        ("n_init", n_init),
    ):
        if value < 1:
            raise ValueError(f"{name} should be >= 1, found {value}.")
    if not len(points) or not len(centroids):
        return np.zeros(len(centroids))

    random = np.random.default_rng(random_state)
    if len(points) > sample_size_limit:
        drawn = random.choice(len(points), size=sample_size_limit, replace=False)
        points = points[np.sort(drawn)]
    original = nearest_centroid(points, centroids)

    totals = np.zeros(len(centroids))
    counts = np.zeros(len(centroids))
    for _ in range(resample_count):
        drawn = np.unique(random.integers(len(points), size=len(points)))
        seed = int(random.integers(2**31))
        refitted = _refit(points[drawn], len(centroids), n_init, seed)
        best, is_drawn = _best_jaccard(original[drawn], refitted, len(centroids))
        totals += best
        counts += is_drawn
    return np.divide(totals, counts, out=np.zeros(len(centroids)), where=counts > 0)


def _refit(
    points: np.ndarray, segment_count: int, n_init: int, random_state: int
) -> np.ndarray:
    """Refit and return cluster numbers; all 1 without dimensions."""
    if not points.shape[1]:
        return np.ones(len(points), dtype="int64")
    centroids = kmeans_centroids(
        points,
        min(segment_count, len(points)),
        n_init=n_init,
        random_state=random_state,
    )
    return nearest_centroid(points, centroids)


def _best_jaccard(
    original: np.ndarray, refitted: np.ndarray, segment_count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best similarity per original segment, and whether it has members."""
    shared = np.zeros((segment_count, segment_count))
    np.add.at(shared, (original - 1, refitted - 1), 1)
    sizes = shared.sum(axis=1, keepdims=True)
    union = sizes + shared.sum(axis=0, keepdims=True) - shared
    jaccard = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return jaccard.max(axis=1), sizes[:, 0] > 0
