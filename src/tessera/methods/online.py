"""Centroids that follow the days between refits, and the guard that lets them in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import adjusted_rand_score

from tessera.methods._checks import finite_matrix, require_columns, require_share
from tessera.methods._frames import FLOAT_LIST, typed_frame
from tessera.methods._kmeans import refined_centroids
from tessera.methods.mixture import nearest_centroid

# Standard deviations within segments by which a person moves a centroid at most.
REACH = 6.0
# As `tessera.methods.candidates` has it: equal persons still need a spread.
LEAST_VARIANCE = 1e-6

SUMS_COLUMNS = (
    "segment_number", "coordinates", "person_weight", "person_share",
    "pooled_variance", "gone_days", "person_count", "deviation_sums", "square_sum",
)  # fmt: skip

TRIAL_TYPES = {
    "sample_size": "int64",
    "agreement": "float64",
    "distance_excess": "float64",
    "share_change": "float64",
    "fitted_agreement": "float64",
    "fitted_distance_excess": "float64",
}
FOLLOWED_TYPES = {
    "segment_number": "int32",
    "coordinates": FLOAT_LIST,
    "person_weight": "float64",
    "person_share": "float64",
    "pooled_variance": "float64",
}


@dataclass(frozen=True)
class Followed:
    """Centroids after a night, with how many persons speak for each.

    Attributes
    ----------
    centroids : ndarray of shape (n_segments, n_dimensions)
        Where they are; finite.
    weights : ndarray of shape (n_segments,)
        Persons of all nights, each night counting the less the longer it is ago.
    pooled_variance : float
        Mean squared distance to the nearest centroid by dimension, of the same
        nights; above 0.
    """

    centroids: np.ndarray
    weights: np.ndarray
    pooled_variance: float


@dataclass(frozen=True)
class NightSums:
    """The persons of a night, added up by the nearest centroid of the night before.

    Attributes
    ----------
    counts : ndarray of shape (n_segments,)
        Persons.
    deviations : ndarray of shape (n_segments, n_dimensions)
        Sums of what they lie off their centroid.
    square_sum : float
        Sum of the squares of the same, over all persons and dimensions.
    """

    counts: np.ndarray
    deviations: np.ndarray
    square_sum: float


def sum_night(points: ArrayLike, former: Followed) -> NightSums:
    """Add up the persons of a night: the reference for the SQL of ``fit_online_sums``.

    Parameters
    ----------
    points : array-like of shape (n_persons, n_dimensions)
        Persons on the components of the model; finite.
    former : Followed
        As the night before left them.

    Returns
    -------
    NightSums
        Zeros for a segment that is nearest to nobody.

    Raises
    ------
    ValueError
        If a value is null or infinite, dimensions differ, or there are persons but no
        centroids.

    Notes
    -----
    Deterministic up to the order of persons, which SQL takes out by adding whole
    millionths. A person counts as at most 6 standard deviations away in each direction,
    so that whatever explodes moves no centroid further than that.

    Examples
    --------
    >>> former = Followed(np.array([[0.0], [10.0]]), np.array([2.0, 2.0]), 1.0)
    >>> night = sum_night([[1.0], [2.0], [99.0]], former)
    >>> night.counts.tolist(), night.deviations.ravel().tolist(), night.square_sum
    ([2, 1], [3.0, 6.0], 41.0)
    """
    points = finite_matrix(points, "points")
    centroids = finite_matrix(former.centroids, "centroids")
    if not len(points):
        return NightSums(
            np.zeros(len(centroids), "int64"), np.zeros_like(centroids), 0.0
        )
    numbers = nearest_centroid(points, centroids) - 1
    reach = REACH * np.sqrt(former.pooled_variance)
    deviations = (points - centroids[numbers]).clip(-reach, reach)
    sums = np.zeros_like(centroids)
    np.add.at(sums, numbers, deviations)
    return NightSums(
        np.bincount(numbers, minlength=len(centroids)),
        sums,
        float(np.square(deviations).sum()),
    )


def move_centroids(
    former: Followed, night: NightSums, *, forgetting: float, gone_days: int = 1
) -> Followed:
    """Move centroids towards the persons of a night, as mini-batch K-means does.

    A centroid is the mean of all persons who ever were nearest to it, those of a night
    ago weighted by `forgetting`, of two nights ago by its square, and so on.

    Parameters
    ----------
    former : Followed
        As the night before left them.
    night : NightSums
        Tonight's persons.
    forgetting : float
        What a night's persons count one night later, in 0..1. With 1 nothing is ever
        forgotten, with 0 only tonight counts.
    gone_days : int, default 1
        Nights since the one before, at least 0.

    Returns
    -------
    Followed
        A segment that is nearest to nobody stays where it is and loses weight.

    Raises
    ------
    ValueError
        If `forgetting` is not a share.

    Notes
    -----
    Deterministic.

    References
    ----------
    Sculley, D. (2010). Web-scale k-means clustering. WWW, 1177-1178; with the decay of
    Spark's StreamingKMeans.

    Examples
    --------
    >>> former = Followed(np.array([[0.0], [10.0]]), np.array([2.0, 2.0]), 1.0)
    >>> night = sum_night([[1.0], [1.0]], former)
    >>> found = move_centroids(former, night, forgetting=0.5)
    >>> found.centroids.ravel().round(3).tolist(), found.weights.tolist()
    ([0.667, 10.0], [3.0, 1.0])
    """
    require_share(forgetting, "forgetting")
    kept = former.weights * forgetting**gone_days
    weights = kept + night.counts
    moves = np.divide(
        night.deviations,
        weights[:, None],
        out=np.zeros_like(former.centroids),
        where=weights[:, None] > 0,
    )
    variance = former.pooled_variance
    if moves.size and weights.sum() > 0:
        dimensions = former.centroids.shape[1]
        told = kept.sum() * variance + night.square_sum / dimensions
        variance = max(told / weights.sum(), LEAST_VARIANCE)
    return Followed(former.centroids + moves, weights, float(variance))


def followed_centroids(sums: pd.DataFrame, *, forgetting: float) -> pd.DataFrame:
    """Move the centroids of a model by one night, as a table.

    Parameters
    ----------
    sums : DataFrame of shape (n_segments, n_columns)
        ``fit_online_sums``, ordered by `segment_number`: `coordinates`,
        `person_weight`, `person_share` and `pooled_variance` of the night before, which
        was `gone_days` ago;
        `person_count`, `deviation_sums` (null where nobody is) and `square_sum` of
        tonight.
    forgetting : float
        As `move_centroids` takes it.

    Returns
    -------
    DataFrame of shape (n_segments, 5)
        `segment_number`, `coordinates`, `person_weight`, `person_share` (of the
        weights, 0..1) and `pooled_variance`. No segments give no rows.

    Raises
    ------
    ValueError
        If a column is missing, or `forgetting` is not a share.

    Notes
    -----
    Deterministic. Where nobody speaks for any segment the shares stay.

    Examples
    --------
    >>> sums = pd.DataFrame(
    ...     {
    ...         "segment_number": [1, 2], "coordinates": [[0.0], [10.0]],
    ...         "person_weight": 2.0, "person_share": 0.5, "pooled_variance": 1.0,
    ...         "gone_days": 1, "person_count": [2, 0],
    ...         "deviation_sums": [[2.0], None], "square_sum": [2.0, 0.0],
    ...     }
    ... )
    >>> found = followed_centroids(sums, forgetting=0.5)
    >>> found["coordinates"].tolist(), found["person_share"].tolist()
    ([[0.6666666666666666], [10.0]], [0.75, 0.25])
    """
    require_columns(sums, SUMS_COLUMNS, "sums")
    if sums.empty:
        return typed_frame([], FOLLOWED_TYPES)
    centroids = np.array(sums["coordinates"].tolist(), dtype="float64")
    deviations = np.zeros_like(centroids)
    counts = sums["person_count"].to_numpy()
    if counts.any():
        deviations[counts > 0] = sums.loc[counts > 0, "deviation_sums"].tolist()
    followed = move_centroids(
        Followed(
            centroids,
            sums["person_weight"].to_numpy(),
            float(sums["pooled_variance"].iloc[0]),
        ),
        NightSums(counts, deviations, float(sums["square_sum"].sum())),
        forgetting=forgetting,
        gone_days=int(sums["gone_days"].iloc[0]),
    )
    total = followed.weights.sum()
    shares = followed.weights / total if total > 0 else sums["person_share"]
    return pd.DataFrame(
        {
            "segment_number": sums["segment_number"],
            "coordinates": followed.centroids.tolist(),
            "person_weight": followed.weights,
            "person_share": shares,
            "pooled_variance": followed.pooled_variance,
        }
    ).astype(FOLLOWED_TYPES)


def compare_with_refit(
    points: ArrayLike, online: ArrayLike, fitted: ArrayLike
) -> pd.DataFrame:
    """Measure how far centroids that follow are from those of a full refit.

    The refit is K-means on these persons, from the champion's centroids, so that its
    segments are the champion's, one by one.

    Parameters
    ----------
    points : array-like of shape (n_persons, n_dimensions)
        Tonight's persons on the champion's components; finite.
    online, fitted : array-like of shape (n_segments, n_dimensions)
        Centroids that follow, and those that the champion was fitted with; finite.

    Returns
    -------
    DataFrame of shape (1, 6)
        `sample_size`; `agreement`, the adjusted Rand index between the segments by
        the online centroids and by the refit, at most 1; `distance_excess`, by which
        share the mean squared distance to the online centroids exceeds the one to
        the refitted; `share_change`, the largest difference between the two in a
        segment's share of persons, 0..1; `fitted_agreement` and
        `fitted_distance_excess`, what the champion's own centroids reach. No rows
        without persons, segments or dimensions, or with fewer persons than segments.

    Raises
    ------
    ValueError
        If a value is null or infinite, or dimensions differ.

    Notes
    -----
    Deterministic. K-means finds a local optimum, so that an excess may be below 0.
    Where all persons of each segment are alike, it may be infinite.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> found = compare_with_refit(points, [[0.5], [10.5]], [[0.0], [9.0]]).iloc[0]
    >>> float(found["agreement"]), float(found["distance_excess"])
    (1.0, 0.0)
    """
    points, online, fitted = (
        finite_matrix(values, name)
        for values, name in (
            (points, "points"), (online, "online"), (fitted, "fitted")
        )
    )  # fmt: skip
    if not points.size or not fitted.size or len(points) < len(fitted):
        return typed_frame([], TRIAL_TYPES)
    refitted = refined_centroids(points, fitted)
    numbers, distance = _placed(points, refitted)
    shares = np.bincount(numbers, minlength=len(fitted)) / len(points)

    def beside_refit(centroids: np.ndarray) -> tuple[float, float, float]:
        other, other_distance = _placed(points, centroids)
        other_shares = np.bincount(other, minlength=len(fitted)) / len(points)
        return (
            float(adjusted_rand_score(numbers, other)),
            _excess(other_distance, distance),
            float(np.abs(other_shares - shares).max()),
        )

    agreement, distance_excess, share_change = beside_refit(online)
    fitted_agreement, fitted_distance_excess, _ = beside_refit(fitted)
    return typed_frame(
        [
            {
                "sample_size": len(points),
                "agreement": agreement,
                "distance_excess": distance_excess,
                "share_change": share_change,
                "fitted_agreement": fitted_agreement,
                "fitted_distance_excess": fitted_distance_excess,
            }
        ],
        TRIAL_TYPES,
    )


def _placed(points: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, float]:
    """Give the segment of each person from 0, and the mean squared distance to it."""
    numbers = nearest_centroid(points, centroids) - 1
    return numbers, float(np.square(points - centroids[numbers]).sum() / len(points))


def _excess(distance: float, least: float) -> float:
    """Give the share by which a distance exceeds another; infinite beyond 0."""
    if distance == least:
        return 0.0
    return distance / least - 1 if least else float("inf")
