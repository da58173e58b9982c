"""K-means with equal bits from run to run."""

from __future__ import annotations

import warnings

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits


def kmeans_centroids(
    points: np.ndarray, segment_count: int, *, n_init: int, random_state: int
) -> np.ndarray:
    """Fit the centroids of K-means.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite, with at least 1 dimension.
    segment_count : int
        K, in 1..n_persons.
    n_init : int
        Number of k-means++ starts, of which the one with least inertia wins.
    random_state : int
        Seed of the starts.

    Returns
    -------
    ndarray of shape (segment_count, n_dimensions), float64
        In no order; repeated when distinct points are fewer than `segment_count`.

    Notes
    -----
    Runs on one thread: with more, the order in which threads add their partial sums
    varies, and with it the last bits.

    References
    ----------
    Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful
    seeding. SODA, 1027-1035.

    Examples
    --------
    >>> points = np.array([[0.0], [0.0], [4.0], [6.0]])
    >>> sorted(kmeans_centroids(points, 2, n_init=3, random_state=0).ravel().tolist())
    [0.0, 5.0]
    """
    model = KMeans(segment_count, n_init=n_init, random_state=random_state)
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Too few distinct points: callers look at the labels and handle it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points).cluster_centers_


def refined_centroids(points: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Fit the centroids of K-means from given ones, each of which keeps its place.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite, with at least 1 dimension, and as many persons as centroids or more.
    start : ndarray of shape (n_segments, n_dimensions)
        Where they begin; finite.

    Returns
    -------
    ndarray of shape (n_segments, n_dimensions), float64
        In the order of `start`; one that is nearest to nobody is put on the person
        farthest from hers.

    Notes
    -----
    Deterministic; on one thread, as `kmeans_centroids`.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [4.0], [6.0]])
    >>> refined_centroids(points, np.array([[7.0], [2.0]])).ravel().tolist()
    [5.0, 0.5]
    """
    model = KMeans(len(start), init=start, n_init=1)
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points).cluster_centers_
