"""Candidate segmentations: one per number of segments, and the rule that picks."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from kneed import KneeLocator
from numpy.typing import ArrayLike
from sklearn import config_context
from sklearn.metrics import davies_bouldin_score, silhouette_score
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix, require_share
from tessera.methods._choice import choose_candidate
from tessera.methods._frames import FLOAT_LIST, FLOAT_LISTS, typed_frame
from tessera.methods._kmeans import kmeans_centroids
from tessera.methods.mixture import nearest_centroid

CANDIDATE_TYPES = {
    "algorithm": "str",
    "segment_count": "int64",
    "inertia": "float64",
    "silhouette": "float64",
    "davies_bouldin": "float64",
    "is_elbow": "bool",
    "is_chosen": "bool",
    "reason": "str",
    "centroids": FLOAT_LISTS,
    "person_shares": FLOAT_LIST,
    "within_variance": FLOAT_LIST,
}

# A segment of equal persons still needs a spread before it can have a probability.
_WITHIN_VARIANCE_FLOOR = 1e-6
_ELBOW_MINIMUM_POINTS = 3
_SILHOUETTE_MEMORY_MEBIBYTES = 64


def fit_candidates(
    points: np.ndarray,
    *,
    minimum_segment_count: int = 3,
    maximum_segment_count: int = 10,
    random_state: int,
    n_init: int = 10,
    silhouette_sample_size: int = 10_000,
    silhouette_tolerance: float = 0.02,
    minimum_segment_share: float = 0.02,
    order_by: ArrayLike | None = None,
) -> pd.DataFrame:
    """Fit K-means for each number of segments and choose one.

    The choice, which `reason` spells out for every candidate:

    1. Candidates with a segment below `minimum_segment_share` are set aside, unless
       all have one.
    2. Of the others, those whose silhouette is within `silhouette_tolerance` of the
       best among them stay.
    3. Of these, the lowest Davies-Bouldin index wins; on a tie, the smaller K.

    K = 1 has neither index, so it competes with nothing and stands only alone, when all
    points are equal or have no dimension. With fewer distinct points than
    `minimum_segment_count`, the one candidate has a segment per distinct point.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on standardised axes; finite.
    minimum_segment_count, maximum_segment_count : int, default 3 and 10
        Range of K, both ends included, 2 or more. K above the number of distinct
        points is left out, as is one whose segments K-means cannot all fill.
    random_state : int
        Seed of the k-means++ starts and of the silhouette sample.
    n_init : int, default 10
        Number of k-means++ starts per K.
    silhouette_sample_size : int, default 10_000
        Most persons on which the silhouette, quadratic in them, is measured; the same
        for every K.
    silhouette_tolerance : float, default 0.02
        Difference in silhouette, in 0..1, that is not told apart.
    minimum_segment_share : float, default 0.02
        Share of persons, in 0..1, that the smallest segment should hold.
    order_by : array-like of shape (n_persons,), optional
        What makes segment 1 come first, such as spending: segments descend by its
        mean, ties by centroid coordinates, ascending. Without it the coordinates
        order.

    Returns
    -------
    DataFrame of shape (n_candidates, 11)
        One row per K, ascending: `algorithm` ('k_means'), `segment_count`, `inertia`
        (sum of squared distances), `silhouette` (-1..1) and `davies_bouldin` (0 or
        more, lower is better), both null where undefined, `is_elbow` (knee of the
        inertia, false when there is none), `is_chosen` (true in exactly one row),
        `reason`, and per segment in order: `centroids` (K lists of n_dimensions),
        `person_shares` (0..1, sum 1), `within_variance` (mean squared distance to the
        centroid by dimension, at least 1e-6). No persons give no rows.

    Raises
    ------
    ValueError
        If a point is null or infinite, the range of K is empty or starts below 2, a
        share is outside 0..1, or `order_by` has another length, a null or an
        infinity.

    Notes
    -----
    Deterministic: two runs on one machine give equal bits, for K-means runs on one
    thread. The starts are drawn by position, so pass persons sorted by `person_key`.
    Shares and inertia are those of the nearest centroid, ties to the lowest number,
    which is how SQL assigns.

    References
    ----------
    Rousseeuw, P. (1987). Silhouettes. J. Comput. Appl. Math. 20, 53-65.
    Davies, D. and Bouldin, D. (1979). A cluster separation measure. IEEE TPAMI 1(2).
    Satopaa, V. et al. (2011). Finding a "kneedle" in a haystack. ICDCS Workshops.

    Examples
    --------
    >>> points = np.array([[0.0], [0.1], [5.0], [5.1], [9.0], [9.1]])
    >>> candidates = fit_candidates(
    ...     points, maximum_segment_count=4, random_state=0, order_by=points[:, 0]
    ... )
    >>> candidates[["segment_count", "is_chosen"]]
       segment_count  is_chosen
    0              3       True
    1              4      False
    >>> [round(axis, 2) for centroid in candidates["centroids"][0] for axis in centroid]
    [9.05, 5.05, 0.05]
    """
    points = finite_matrix(points, "points")
    if not 2 <= minimum_segment_count <= maximum_segment_count:
        raise ValueError(
            "segment counts should satisfy 2 <= minimum <= maximum, "
            f"found {minimum_segment_count} and {maximum_segment_count}."
        )
    require_share(silhouette_tolerance, "silhouette_tolerance")
    require_share(minimum_segment_share, "minimum_segment_share")
    ranking = _ranking(order_by, len(points))
    if not len(points):
        return typed_frame([], CANDIDATE_TYPES)

    distinct_count = len(np.unique(points, axis=0)) if points.shape[1] else 1
    possible = range(
        minimum_segment_count, min(maximum_segment_count, distinct_count) + 1
    )
    sampled = _sampled_positions(len(points), silhouette_sample_size, random_state)
    fitted = [
        _fit_candidate(points, ranking, count, n_init, random_state, sampled)
        for count in possible or [distinct_count]
    ]
    # Differences too small to be squared leave segments empty: one holds everybody.
    rows = [row for row in fitted if row is not None] or [
        _fit_candidate(points, ranking, 1, n_init, random_state, sampled)
    ]
    elbow = _elbow(rows)
    if rows[0]["segment_count"] < minimum_segment_count:
        chosen = rows[0]["segment_count"]
        reasons = {chosen: _forced_reason(points, chosen, minimum_segment_count)}
    else:
        chosen, reasons = choose_candidate(
            rows,
            silhouette_tolerance=silhouette_tolerance,
            minimum_segment_share=minimum_segment_share,
        )
    for row in rows:
        count = row["segment_count"]
        row["is_elbow"] = count == elbow
        row["is_chosen"] = count == chosen
        row["reason"] = reasons[count]
    return typed_frame(rows, CANDIDATE_TYPES)


def _ranking(order_by: ArrayLike | None, person_count: int) -> np.ndarray:
    """Return what orders the segments: zeros leave the order to the coordinates."""
    if order_by is None:
        return np.zeros(person_count)
    ranking = np.asarray(order_by, dtype="float64")
    if ranking.shape != (person_count,):
        raise ValueError(
            f"order_by should hold one value per person ({person_count}), "
            f"found shape {ranking.shape}."
        )
    if not np.isfinite(ranking).all():
        bad = int(np.flatnonzero(~np.isfinite(ranking))[0])
        raise ValueError(
            f"order_by should be finite, found {ranking[bad]} in row {bad}."
        )
    return ranking


def _sampled_positions(person_count: int, limit: int, random_state: int) -> np.ndarray:
    if person_count <= limit:
        return np.arange(person_count)
    drawn = np.random.default_rng(random_state).choice(
        person_count, size=limit, replace=False
    )
    return np.sort(drawn)


def _fit_candidate(
    points: np.ndarray,
    ranking: np.ndarray,
    segment_count: int,
    n_init: int,
    random_state: int,
    sampled: np.ndarray,
) -> dict[str, Any] | None:
    """Fit one K; None when a segment came out empty."""
    if segment_count == 1:
        centroids = points.mean(axis=0, keepdims=True)
    else:
        centroids = kmeans_centroids(
            points, segment_count, n_init=n_init, random_state=random_state
        )
    numbers = nearest_centroid(points, centroids)
    sizes = np.bincount(numbers - 1, minlength=segment_count)
    if sizes.min() == 0:
        return None

    means = np.bincount(numbers - 1, weights=ranking) / sizes
    centroids = centroids[np.lexsort((*centroids.T[::-1], -means))]
    numbers = nearest_centroid(points, centroids)
    sizes = np.bincount(numbers - 1, minlength=segment_count)
    squared = ((points - centroids[numbers - 1]) ** 2).sum(axis=1)
    spread = np.bincount(numbers - 1, weights=squared, minlength=segment_count)
    within = spread / (sizes * max(points.shape[1], 1))
    return {
        "algorithm": "k_means",
        "segment_count": segment_count,
        "inertia": float(squared.sum()),
        **_indices(points, numbers, sampled),
        "centroids": centroids.tolist(),
        "person_shares": (sizes / len(points)).tolist(),
        "within_variance": np.maximum(within, _WITHIN_VARIANCE_FLOOR).tolist(),
    }


def _indices(
    points: np.ndarray, numbers: np.ndarray, sampled: np.ndarray
) -> dict[str, float]:
    """Measure both indices, null unless 2 <= segments < persons."""

    def is_defined(labels: np.ndarray) -> bool:
        return 2 <= len(np.unique(labels)) < len(labels)

    silhouette = davies_bouldin = math.nan
    memory = config_context(working_memory=_SILHOUETTE_MEMORY_MEBIBYTES)
    with threadpool_limits(limits=1), memory:
        if is_defined(numbers[sampled]):
            silhouette = float(silhouette_score(points[sampled], numbers[sampled]))
        if is_defined(numbers):
            davies_bouldin = float(davies_bouldin_score(points, numbers))
    return {"silhouette": silhouette, "davies_bouldin": davies_bouldin}


def _elbow(rows: Sequence[dict[str, Any]]) -> int | None:
    """Find the knee of the inertia, if it has one."""
    counts = [row["segment_count"] for row in rows]
    inertias = [row["inertia"] for row in rows]
    if len(rows) < _ELBOW_MINIMUM_POINTS or max(inertias) == min(inertias):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        knee = KneeLocator(
            counts, inertias, curve="convex", direction="decreasing"
        ).knee
    return None if knee is None else int(knee)


def _forced_reason(points: np.ndarray, chosen: int, minimum_count: int) -> str:
    """Say why there was nothing to choose from."""
    persons = "1 person" if len(points) == 1 else f"{len(points)} persons"
    if not points.shape[1]:
        return f"{persons} without any feature: one segment."
    if len(points) == 1:
        return f"{persons}: one segment."
    if chosen == 1:
        return f"{persons}, all equal: one segment."
    return (
        f"{persons} with {chosen} distinct profiles, fewer than the minimum of "
        f"{minimum_count} segments: one segment per profile."
    )
