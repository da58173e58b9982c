"""How well segments survive a redraw of the persons, and another seed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tessera.methods._checks import finite_matrix
from tessera.methods.agreement import agreement_matrix, sampled_rows
from tessera.methods.mixture import nearest_centroid
from tessera.methods.partitions import CENTROID_ALGORITHMS, part_by_centroids

SCHEMES = ("bootstrap", "subsample", "seeds")

_SUBSAMPLE_SHARE = 0.5


def segment_stability(
    points: np.ndarray,
    centroids: ArrayLike,
    *,
    algorithm: str = "k_means",
    scheme: str = "bootstrap",
    resample_count: int = 20,
    sample_size_limit: int = 10_000,
    random_state: int,
) -> np.ndarray:
    """Measure how well each segment survives a refit on other persons.

    The algorithm is refitted on resamples. For each segment and resample, the best
    Jaccard similarity with a refitted segment is kept; their mean over the resamples
    that draw a member of the segment is its stability. Customary reading: from 0.85
    stable, from 0.75 valid, below 0.6 not to be trusted.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on the axes of the centroids; finite.
    centroids : array-like of shape (n_segments, n_dimensions)
        The segments under test, number 1 first; finite.
    algorithm : str, default 'k_means'
        One of `tessera.methods.partitions.CENTROID_ALGORITHMS`.
    scheme : {'bootstrap', 'subsample', 'seeds'}, default 'bootstrap'
        What a resample is: as many persons drawn with replacement, as Hennig does;
        half of the persons; or all of them, refitted from another seed.
    resample_count : int, default 20
        Number of resamples, at least 1.
    sample_size_limit : int, default 10_000
        Most persons looked at, at least 1; more are sampled without replacement.
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
        If a value is null or infinite, dimensions differ, a count is below 1, or the
        algorithm or scheme is unknown.

    Notes
    -----
    Deterministic; resamples are drawn by position, so pass persons sorted by
    `person_key`. A person drawn twice in a resample counts once, as in
    ``fpc::clusterboot`` by default. A resample with fewer persons than segments is
    refitted with as many clusters as it has persons.

    References
    ----------
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. Computational
    Statistics & Data Analysis 52, 258-271.

    Examples
    --------
    >>> points = np.repeat([[0.0], [10.0]], 20, axis=0)
    >>> segment_stability(points, [[0.0], [10.0]], random_state=0)
    array([1., 1.])
    """
    points, centroids = _checked(points, centroids, algorithm)
    if scheme not in SCHEMES:
        raise ValueError(f"scheme should be one of {list(SCHEMES)}, found {scheme!r}.")
    for name, value in (
        ("resample_count", resample_count),
        ("sample_size_limit", sample_size_limit),
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
        drawn = _drawn(scheme, len(points), random)
        seed = int(random.integers(2**31))
        refitted = _refit(points[drawn], algorithm, len(centroids), seed)
        best, is_drawn = _best_jaccard(original[drawn], refitted, len(centroids))
        totals += best
        counts += is_drawn
    return np.divide(totals, counts, out=np.zeros(len(centroids)), where=counts > 0)


def stability_table(
    points: np.ndarray,
    centroids: ArrayLike,
    *,
    algorithm: str = "k_means",
    resample_count: int = 20,
    sample_size_limit: int = 5_000,
    random_state: int,
) -> pd.DataFrame:
    """Measure each segment under every scheme of `segment_stability`.

    Parameters
    ----------
    points, centroids, algorithm, resample_count, sample_size_limit, random_state
        As of `segment_stability`.

    Returns
    -------
    DataFrame of shape (n_segments, 4)
        `segment_number`, from 1; `stability` (bootstrap), `subsample_stability` and
        `seed_stability`, each in 0..1.

    Raises
    ------
    ValueError
        As `segment_stability` does.

    Examples
    --------
    >>> points = np.repeat([[0.0], [10.0]], 20, axis=0)
    >>> stability_table(points, [[0.0], [10.0]], random_state=0)["stability"].tolist()
    [1.0, 1.0]
    """
    columns = {
        "stability": "bootstrap",
        "subsample_stability": "subsample",
        "seed_stability": "seeds",
    }
    found = {
        column: segment_stability(
            points,
            centroids,
            algorithm=algorithm,
            scheme=scheme,
            resample_count=resample_count,
            sample_size_limit=sample_size_limit,
            random_state=random_state,
        )
        for column, scheme in columns.items()
    }
    numbers = np.arange(1, len(found["stability"]) + 1, dtype="int64")
    return pd.DataFrame({"segment_number": numbers, **found})


def held_out_agreement(
    points: np.ndarray,
    centroids: ArrayLike,
    *,
    algorithm: str = "k_means",
    sample_size_limit: int = 10_000,
    random_state: int,
) -> float:
    """Compare, on half of the persons, labels predicted with labels refitted.

    The algorithm is fitted on either half; on the second, what the first half's
    centroids predict is compared with what its own say.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on the axes of the centroids; finite.
    centroids : array-like of shape (n_segments, n_dimensions)
        Of the segments under test; their number is what is refitted.
    algorithm : str, default 'k_means'
        One of `tessera.methods.partitions.CENTROID_ALGORITHMS`.
    sample_size_limit : int, default 10_000
        Most persons looked at.
    random_state : int
        Seed of the halves and the starts.

    Returns
    -------
    float
        Adjusted Rand index, at most 1; NaN with one segment, or fewer than two persons
        per segment in a half.

    Raises
    ------
    ValueError
        If a value is null or infinite, dimensions differ or the algorithm is unknown.

    References
    ----------
    Lange, T. et al. (2004). Stability-based validation of clustering solutions. Neural
    Computation 16, 1299-1323.

    Examples
    --------
    >>> points = np.repeat([[0.0], [10.0]], 20, axis=0)
    >>> held_out_agreement(points, [[0.0], [10.0]], random_state=0)
    1.0
    """
    points, centroids = _checked(points, centroids, algorithm)
    points = points[sampled_rows(len(points), sample_size_limit, random_state)]
    order = np.random.default_rng(random_state).permutation(len(points))
    halves = np.sort(order[::2]), np.sort(order[1::2])
    if len(centroids) < 2 or len(halves[1]) < 2 * len(centroids):
        return math.nan
    first, second = (
        part_by_centroids(
            points[half], algorithm, [len(centroids)], random_state=random_state
        )[len(centroids)]
        for half in halves
    )
    held_out = points[halves[1]]
    predicted, refitted = (
        nearest_centroid(held_out, fitted) - 1 for fitted in (first, second)
    )
    return float(agreement_matrix([predicted, refitted])[0, 1])


def _checked(
    points: np.ndarray, centroids: ArrayLike, algorithm: str
) -> tuple[np.ndarray, np.ndarray]:
    if algorithm not in CENTROID_ALGORITHMS:
        raise ValueError(
            f"algorithm should be one of {list(CENTROID_ALGORITHMS)}, "
            f"found {algorithm!r}."
        )
    return finite_matrix(points, "points"), finite_matrix(centroids, "centroids")


def _drawn(scheme: str, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw the row numbers of one resample, ascending."""
    if scheme == "bootstrap":
        return np.unique(random.integers(count, size=count))
    if scheme == "subsample":
        size = max(1, round(_SUBSAMPLE_SHARE * count))
        return np.sort(random.choice(count, size=size, replace=False))
    return np.arange(count)


def _refit(
    points: np.ndarray, algorithm: str, segment_count: int, random_state: int
) -> np.ndarray:
    """Refit and return cluster numbers; all 1 without dimensions."""
    if not points.shape[1]:
        return np.ones(len(points), dtype="int64")
    centroids = part_by_centroids(
        points, algorithm, [segment_count], random_state=random_state
    )[segment_count]
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
