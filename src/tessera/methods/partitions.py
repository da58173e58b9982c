"""Ways to part persons: by centroids, which SQL scores, by mixtures, by density."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from kneed import KneeLocator
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial import cKDTree
from sklearn.cluster import DBSCAN, HDBSCAN, BisectingKMeans, KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

# What a nearest centroid decides, so that SQL scores it.
CENTROID_ALGORITHMS = (
    "k_means",
    "bisecting_k_means",
    "ward",
    "complete_linkage",
    "average_linkage",
)

# Agglomeration keeps all distances: this many persons take 18 megabytes.
_LINKAGE_ROW_LIMIT = 1_500
_MIXTURE_STEPS = 50
_MIXTURE_REGULARISATION = 1e-3
# A mixture with more numbers than this share of the persons says nothing.
_MIXTURE_NUMBERS_PER_PERSON = 0.5
_DBSCAN_NEIGHBOURS = 5


@dataclass(frozen=True)
class Partition:
    """Persons parted by something other than centroids.

    Attributes
    ----------
    algorithm : str
    numbers : ndarray of shape (n_persons,)
        Segment numbers from 0, without gaps; noise has been given to the nearest.
    coverage : float
        Share of persons, in 0..1, that were not noise.
    """

    algorithm: str
    numbers: np.ndarray
    coverage: float

    @property
    def segment_count(self) -> int:
        """Segments there are; 0 without persons."""
        return int(self.numbers.max()) + 1 if len(self.numbers) else 0


def part_by_centroids(
    points: np.ndarray,
    algorithm: str,
    segment_counts: Sequence[int],
    *,
    random_state: int,
) -> dict[int, np.ndarray]:
    """Fit the centroids of one algorithm, for several numbers of segments.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite, with at least 1 person and 1 dimension.
    algorithm : str
        One of `CENTROID_ALGORITHMS`. 'k_means' starts from the segments of Ward's
        method and, once more, from k-means++; 'bisecting_k_means' divides the segment
        of most inertia in two until there are enough; the linkages agglomerate at most
        1,500 persons, sampled, of whose segments the means are the centroids.
    segment_counts : sequence of int
        Numbers of segments, each at least 1.
    random_state : int
        Seed of starts and samples.

    Returns
    -------
    dict of int to ndarray of shape (at most segment_count, n_dimensions)
        Centroids in no order; fewer than asked for when persons are fewer or too
        alike.

    Raises
    ------
    ValueError
        If the algorithm is unknown.

    Notes
    -----
    Deterministic, on one thread; positions matter, so pass persons in a fixed order.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [9.0], [10.0]])
    >>> found = part_by_centroids(points, "ward", [2], random_state=0)
    >>> sorted(found[2].ravel().tolist())
    [0.5, 9.5]
    """
    if algorithm not in CENTROID_ALGORITHMS:
        raise ValueError(
            f"algorithm should be one of {list(CENTROID_ALGORITHMS)}, "
            f"found {algorithm!r}."
        )
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if algorithm == "bisecting_k_means":
            return {
                count: _bisected(points, min(count, len(points)), random_state)
                for count in segment_counts
            }
        method = algorithm.removesuffix("_linkage")
        linked = _linked_centroids(
            points,
            "ward" if algorithm == "k_means" else method,
            segment_counts,
            random_state,
        )
        if algorithm != "k_means":
            return linked
        return {
            count: _settled(points, start, min(count, len(points)), random_state)
            for count, start in linked.items()
        }


def part_by_mixture(
    points: np.ndarray, segment_count: int, *, random_state: int
) -> tuple[Partition, float] | None:
    """Fit a mixture of Gaussians, each with a covariance of its own.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite.
    segment_count : int
        Components, at least 1.
    random_state : int
        Seed of the K-means start.

    Returns
    -------
    tuple of Partition and float, or None
        Everybody at their likeliest component, and the Bayesian information criterion,
        lower is better. None where persons are too few for so many numbers.

    Examples
    --------
    >>> points = np.repeat([[0.0], [9.0]], 20, axis=0) + np.linspace(0, 1, 40)[:, None]
    >>> partition, _ = part_by_mixture(points, 2, random_state=0)
    >>> partition.segment_count
    2
    """
    dimension_count = points.shape[1]
    numbers = segment_count * (dimension_count + 1) * (dimension_count + 2) / 2
    if numbers > _MIXTURE_NUMBERS_PER_PERSON * len(points):
        return None
    start = part_by_centroids(
        points, "k_means", [segment_count], random_state=random_state
    )[segment_count]
    model = GaussianMixture(
        len(start),
        means_init=start,
        max_iter=_MIXTURE_STEPS,
        reg_covar=_MIXTURE_REGULARISATION,
        random_state=random_state,
    )
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = model.fit(points).predict(points)
        criterion = float(model.bic(points))
    return Partition("gaussian_mixture", _gapless(found), 1.0), criterion


def part_by_density(
    points: np.ndarray,
    *,
    minimum_samples: int,
    minimum_cluster_size: int,
    minimum_segment_share: float = 0.0,
) -> Partition:
    """Part persons where they lie thin, by HDBSCAN.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite.
    minimum_samples : int
        Neighbours, the person included, whose distance smooths the density.
    minimum_cluster_size : int
        Fewest persons that make a cluster.
    minimum_segment_share : float, default 0
        Clusters with less than this share of the persons are noise.

    Returns
    -------
    Partition
        Noise belongs to the segment of the nearest person who is none. One segment
        when there is nothing but noise.

    Notes
    -----
    Deterministic, without a random step.

    References
    ----------
    Campello, R., Moulavi, D. and Sander, J. (2013). Density-based clustering based on
    hierarchical density estimates. PAKDD, 160-172.

    Examples
    --------
    >>> points = np.repeat([[0.0], [9.0]], 20, axis=0) + np.linspace(0, 1, 40)[:, None]
    >>> part_by_density(
    ...     points, minimum_samples=5, minimum_cluster_size=5
    ... ).segment_count
    2
    """
    if len(points) <= max(minimum_samples, minimum_cluster_size):
        return Partition("hdbscan", np.zeros(len(points), dtype="int64"), 0.0)
    model = HDBSCAN(
        min_cluster_size=minimum_cluster_size, min_samples=minimum_samples, copy=True
    )
    with threadpool_limits(limits=1):
        found = model.fit_predict(points)
    return _covered("hdbscan", points, found, minimum_segment_share)


def part_by_reach(
    points: np.ndarray, *, minimum_segment_share: float = 0.0
) -> Partition:
    """Part persons by DBSCAN, its reach read off the knee of neighbours' distances.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite.
    minimum_segment_share : float, default 0
        As in `part_by_density`.

    Returns
    -------
    Partition

    References
    ----------
    Ester, M. et al. (1996). A density-based algorithm for discovering clusters in
    large spatial databases with noise. KDD, 226-231.

    Examples
    --------
    >>> points = np.repeat([[0.0], [9.0]], 20, axis=0) + np.linspace(0, 1, 40)[:, None]
    >>> part_by_reach(points).segment_count
    2
    """
    if len(points) <= _DBSCAN_NEIGHBOURS:
        return Partition("dbscan", np.zeros(len(points), dtype="int64"), 0.0)
    reached = cKDTree(points).query(points, k=_DBSCAN_NEIGHBOURS + 1)[0][:, -1]
    reached = np.sort(reached)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        knee = KneeLocator(
            np.arange(len(reached)), reached, curve="convex", direction="increasing"
        ).knee_y
    reach = float(reached[-1] if knee is None else knee)
    if not (math.isfinite(reach) and reach > 0):
        return Partition("dbscan", np.zeros(len(points), dtype="int64"), 0.0)
    found = DBSCAN(eps=reach, min_samples=_DBSCAN_NEIGHBOURS).fit_predict(points)
    return _covered("dbscan", points, found, minimum_segment_share)


def _bisected(points: np.ndarray, count: int, random_state: int) -> np.ndarray:
    # A segment of one person, or of equal ones, cannot be divided: there are fewer.
    for possible in range(count, 1, -1):
        model = BisectingKMeans(possible, n_init=2, random_state=random_state)
        try:
            return model.fit(points).cluster_centers_
        except ValueError:
            continue
    return points.mean(axis=0, keepdims=True)


def _settled(
    points: np.ndarray, start: np.ndarray, count: int, random_state: int
) -> np.ndarray:
    """Run K-means from a start and from k-means++, and keep the better."""
    if count == 1:
        return points.mean(axis=0, keepdims=True)
    models = [KMeans(count, n_init=1, random_state=random_state).fit(points)]
    # Ties between merges leave Ward with fewer segments than asked for.
    if len(start) == count:
        models.insert(0, KMeans(count, init=start, n_init=1).fit(points))
    return min(models, key=lambda model: model.inertia_).cluster_centers_


def _linked_centroids(
    points: np.ndarray, method: str, segment_counts: Sequence[int], random_state: int
) -> dict[int, np.ndarray]:
    if len(points) > _LINKAGE_ROW_LIMIT:
        drawn = np.random.default_rng(random_state).choice(
            len(points), size=_LINKAGE_ROW_LIMIT, replace=False
        )
        points = points[np.sort(drawn)]
    if len(points) == 1:
        return dict.fromkeys(segment_counts, points)
    tree = linkage(points, method)
    found = {}
    for count in segment_counts:
        numbers = fcluster(tree, count, "maxclust")
        found[count] = np.array(
            [points[numbers == number].mean(axis=0) for number in np.unique(numbers)]
        )
    return found


def _covered(
    algorithm: str, points: np.ndarray, found: np.ndarray, minimum_share: float
) -> Partition:
    """Call small clusters noise, then give noise to whoever is nearest."""
    sizes = np.bincount(found[found >= 0], minlength=1)
    is_large = sizes >= max(minimum_share * len(points), 1)
    is_kept = (found >= 0) & is_large[np.maximum(found, 0)]
    coverage = float((found >= 0).mean())
    if not is_kept.any():
        return Partition(algorithm, np.zeros(len(points), dtype="int64"), coverage)
    numbers = found.copy()
    if not is_kept.all():
        nearest = cKDTree(points[is_kept]).query(points[~is_kept])[1]
        numbers[~is_kept] = found[is_kept][nearest]
    return Partition(algorithm, _gapless(numbers), coverage)


def _gapless(numbers: np.ndarray) -> np.ndarray:
    return np.unique(numbers, return_inverse=True)[1].astype("int64")
