"""Candidate segmentations of several algorithms, and the rule that picks one."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix, require_share
from tessera.methods._choice import SAME_PARTITION, choose_candidate
from tessera.methods._frames import FLOAT_LIST, FLOAT_LISTS, typed_frame
from tessera.methods.agreement import (
    agreed_density_partition,
    agreement_matrix,
    intrinsic_dimension,
    sampled_rows,
)
from tessera.methods.indices import (
    calinski_harabasz,
    davies_bouldin,
    dunn,
    elbow,
    gap_statistics,
    silhouettes,
)
from tessera.methods.mixture import nearest_centroid
from tessera.methods.partitions import (
    CENTROID_ALGORITHMS,
    Partition,
    part_by_centroids,
    part_by_density,
    part_by_mixture,
    part_by_reach,
)
from tessera.methods.stability import held_out_agreement, segment_stability
from tessera.methods.structure import best_silhouette, structureless_silhouette

CANDIDATE_TYPES = {
    "algorithm": "str",
    "segment_count": "int64",
    "is_scorable": "bool",
    "inertia": "float64",
    "silhouette": "float64",
    "silhouette_low": "float64",
    "silhouette_high": "float64",
    "davies_bouldin": "float64",
    "calinski_harabasz": "float64",
    "dunn": "float64",
    "gap": "float64",
    "gap_error": "float64",
    "coverage": "float64",
    "agreement": "float64",
    "stability": "float64",
    "subsample_stability": "float64",
    "seed_stability": "float64",
    "held_out_agreement": "float64",
    "is_elbow": "bool",
    "is_leading": "bool",
    "is_chosen": "bool",
    "reason": "str",
    "centroids": FLOAT_LISTS,
    "person_shares": FLOAT_LIST,
    "within_variance": FLOAT_LIST,
}

# A segment of equal persons still needs a spread before it can have a probability.
_WITHIN_VARIANCE_FLOOR = 1e-6
# Density is estimated from neighbours, who are far away in many directions.
_DENSITY_DIMENSION_LIMIT = 3.0
# A density partition stands when its settings agree, and do not call most noise.
_DENSITY_AGREEMENT = 0.45
_DENSITY_COVERAGE = 0.5
# Persons below whom a segment says nothing, however often it is found again.
_RARE_PERSONS = 50
_CHALLENGER_ROWS = 2_000
_PAIRWISE_ROWS = 1_500
_FINALIST_RESAMPLES = 20
_MIXTURE_PATIENCE = 2


@dataclass(frozen=True)
class Assessment:
    """All candidates, with who is in which segment of each.

    Attributes
    ----------
    rows : list of dict
        One per candidate, with the columns of `CANDIDATE_TYPES`.
    sample : ndarray of shape (n_sampled,)
        Positions of the persons that `numbers` speaks of.
    numbers : list of ndarray or None
        Segment numbers from 0 of the sample, per candidate; None for challengers that
        were fitted on fewer persons.
    """

    rows: list[dict[str, Any]]
    sample: np.ndarray
    numbers: list[np.ndarray | None]


def fit_candidates(points: np.ndarray, **settings: Any) -> pd.DataFrame:
    """Fit several algorithms for each number of segments and choose one candidate.

    The choice, which `reason` spells out for every candidate:

    1. Density leads, if it can. Where persons differ in at most 3 directions
       (`tessera.methods.agreement.intrinsic_dimension`), HDBSCAN is run with 19
       settings. The partition that most of them come back to stands when their mean
       adjusted Rand index with it is at least 0.45 and half of the persons are not
       noise.
    2. Unless it stands, the best silhouette has to be above, by its 95 % interval, the
       best that persons without structure reach, drawn ones and `reference`.
       Otherwise there is one segment; with `divides_cloud`, beating the reference is
       enough.
    3. Candidates with a segment below `minimum_segment_share` are set aside, unless
       all have one; or it holds 50 persons at least and is found again in resamples
       (mean Jaccard 0.75), in a candidate whose silhouette is within one standard error
       of the best of the others, or above.
    4. Where density leads, only candidates that agree with it by 0.9 or more stay. If
       none does, no centroids follow the shape: the nearest to it is chosen, and the
       density partition is marked as leading.
    5. Of those that stay, the most stable under the bootstrap wins among the
       candidates within one standard error of the best silhouette; on a tie, the
       fewest segments.

    With fewer distinct points than `minimum_segment_count`, the one candidate has a
    segment per distinct point.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on standardised axes; finite.
    **settings
        As of `assess_candidates`.

    Returns
    -------
    DataFrame of shape (n_candidates, 25)
        One row per algorithm and number of segments: K-means with one segment first,
        then `tessera.methods.partitions.CENTROID_ALGORITHMS` by ascending K, then the
        challengers, which SQL cannot score (`is_scorable` is false, and they have
        no inertia, centroids, shares nor variances): 'gaussian_mixture', by ascending K
        until its criterion has risen twice, 'dbscan' and 'hdbscan'.

        `inertia` (sum of squared distances); `silhouette` (-1..1) with the ends of
        its 95 % interval; `davies_bouldin` (lower is better), `calinski_harabasz`,
        `dunn` and, for K-means, `gap` with its standard error (higher is better), null
        where undefined; `coverage` (share of persons, 0..1, that were not noise);
        `agreement` (adjusted Rand index with the density partition, null where none
        stands); mean `stability` under the bootstrap (Jaccard, 0..1), for finalists
        only, and for the chosen one `subsample_stability`, `seed_stability` (likewise)
        and `held_out_agreement` (adjusted Rand index); `is_elbow` (knee of the inertia
        of K-means);
        `is_leading` (what would be chosen if SQL could score everything) and
        `is_chosen` (both true in exactly one row); `reason`; and per segment in order:
        `centroids` (K lists of n_dimensions), `person_shares` (0..1, sum 1),
        `within_variance` (mean squared distance to the centroid by dimension, at least
        1e-6). No persons give no rows.

    Raises
    ------
    ValueError
        If a point is null or infinite, the range of K is empty or starts below 2, a
        share is outside 0..1, or `order_by` has another length, a null or an infinity.

    Notes
    -----
    Deterministic: two runs on one machine give equal bits, for all runs on one thread.
    Samples are drawn by position, so pass persons sorted by `person_key`. Shares and
    inertia are those of the nearest centroid, ties to the lowest number, which is how
    SQL assigns. Fits look at no more than 10,000 persons and silhouettes at 4,000; a
    chosen K-means is then settled on everybody.

    Examples
    --------
    >>> points = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], 30, axis=0)
    >>> points = points + np.random.default_rng(0).normal(size=points.shape)
    >>> candidates = fit_candidates(
    ...     points, maximum_segment_count=4, random_state=0, order_by=points[:, 0]
    ... )
    >>> candidates.loc[candidates["is_chosen"], "segment_count"].item()
    3
    """
    return typed_frame(assess_candidates(points, **settings).rows, CANDIDATE_TYPES)


def assess_candidates(
    points: np.ndarray,
    *,
    minimum_segment_count: int = 3,
    maximum_segment_count: int = 10,
    random_state: int,
    reference: np.ndarray | None = None,
    divides_cloud: bool = False,
    row_limit: int = 10_000,
    silhouette_row_limit: int = 4_000,
    minimum_segment_share: float = 0.02,
    order_by: ArrayLike | None = None,
) -> Assessment:
    """Do what `fit_candidates` says, and keep who is in which segment.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on standardised axes; finite.
    minimum_segment_count, maximum_segment_count : int, default 3 and 10
        Range of K, both ends included, 2 or more. K above the number of distinct
        points is left out, as is one whose segments cannot all be filled.
    random_state : int
        Seed of starts, samples and resamples.
    reference : ndarray of shape (n_reference, n_dimensions), optional
        Output of `tessera.methods.structure.shuffled_points`: persons whose features
        were shuffled one by one, which segments have to beat besides drawn ones.
    divides_cloud : bool, default False
        Whether persons who are one cloud are divided all the same, as long as their
        features hang together, which `reference` shows.
    row_limit : int, default 10_000
        Most persons that candidates are fitted on.
    silhouette_row_limit : int, default 4_000
        Most persons on which the silhouette, quadratic in them, is measured; the same
        for every candidate, and never more than 10,000.
    minimum_segment_share : float, default 0.02
        Share of persons, in 0..1, that the smallest segment should hold.
    order_by : array-like of shape (n_persons,), optional
        What makes segment 1 come first, such as spending: segments descend by its
        mean, ties by centroid coordinates, ascending. Without it the coordinates
        order.

    Returns
    -------
    Assessment
        No persons give no rows.

    Raises
    ------
    ValueError
        As `fit_candidates` does.

    Examples
    --------
    >>> assess_candidates(np.zeros((5, 2)), random_state=0).rows[0]["reason"]
    '5 persons, all equal: one segment.'
    """
    points = finite_matrix(points, "points")
    if not 2 <= minimum_segment_count <= maximum_segment_count:
        raise ValueError(
            "segment counts should satisfy 2 <= minimum <= maximum, "
            f"found {minimum_segment_count} and {maximum_segment_count}."
        )
    require_share(minimum_segment_share, "minimum_segment_share")
    ranking = _ranking(order_by, len(points))
    sample = sampled_rows(len(points), row_limit, random_state)
    if not len(points):
        return Assessment([], sample, [])
    distinct_count = len(np.unique(points, axis=0)) if points.shape[1] else 1
    if distinct_count < minimum_segment_count:
        return _forced(points, ranking, sample, distinct_count, minimum_segment_count)

    counts = range(
        minimum_segment_count, min(maximum_segment_count, distinct_count) + 1
    )
    seen = points[sample]
    rows = [_measured(points, ranking, "k_means", points.mean(axis=0, keepdims=True))]
    for algorithm in CENTROID_ALGORITHMS:
        fitted = part_by_centroids(seen, algorithm, counts, random_state=random_state)
        for count, centroids in fitted.items():
            if len(centroids) == count:
                rows.append(_measured(points, ranking, algorithm, centroids))
    rows = [row for row in rows if row is not None]
    numbers: list[np.ndarray | None] = [
        nearest_centroid(seen, np.array(row["centroids"])) - 1 for row in rows
    ]

    measured = sampled_rows(len(seen), silhouette_row_limit, random_state)
    dense, agreement = _density(seen, minimum_segment_share, random_state)
    is_led = (
        dense is not None
        and dense.segment_count > 1
        and agreement >= _DENSITY_AGREEMENT
        and dense.coverage >= _DENSITY_COVERAGE
    )
    compared = [found[measured] for found in numbers]
    if dense is not None and dense.segment_count > 1:
        rows.append(_challenger(dense))
        numbers.append(dense.numbers)
        compared.append(dense.numbers[measured])
    few = measured[sampled_rows(len(measured), _CHALLENGER_ROWS, random_state)]
    for partition in _challengers(
        seen[few], counts, dense is None, minimum_segment_share, random_state
    ):
        rows.append(_challenger(partition))
        numbers.append(None)
        compared.append(partition.numbers)

    _add_figures(seen, rows, compared, measured, few)
    _add_curves(seen, rows, counts, random_state)
    led = [row["algorithm"] for row in rows].index("hdbscan") if is_led else None
    if led is not None:
        _add_agreement(rows, numbers, led, random_state)

    chosen, reasons = choose_candidate(
        rows,
        floor=-1.0
        if is_led
        else structureless_silhouette(seen, counts, random_state=random_state),
        cloud_floor=None
        if is_led or reference is None
        else best_silhouette(reference, counts, random_state=random_state),
        divides_cloud=divides_cloud,
        is_led=is_led,
        minimum_segment_share=minimum_segment_share,
        rare_segment_share=_RARE_PERSONS / len(seen),
        stability_of=lambda at: _add_stability(seen, rows[at], random_state),
    )
    if rows[chosen]["segment_count"] > 1:
        _add_other_stabilities(seen, rows[chosen], random_state)
    leading = chosen
    if led is not None and not rows[chosen]["agreement"] >= SAME_PARTITION:
        leading = led
    for at, row in enumerate(rows):
        row["is_leading"], row["is_chosen"] = at == leading, at == chosen
        row["reason"] = reasons[at]
    if len(sample) < len(points) and rows[chosen]["algorithm"] == "k_means":
        rows[chosen] |= _settled(points, ranking, rows[chosen])
    return Assessment(rows, sample, numbers)


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


def _forced(
    points: np.ndarray,
    ranking: np.ndarray,
    sample: np.ndarray,
    distinct_count: int,
    minimum_count: int,
) -> Assessment:
    """Give each distinct profile its segment: there is nothing to choose from."""
    centroids = np.unique(points, axis=0) if points.shape[1] else points[:1]
    # Differences too small to be squared leave segments empty: one holds everybody.
    row = _measured(points, ranking, "k_means", centroids[:distinct_count])
    if row is None:
        row = _measured(points, ranking, "k_means", points.mean(axis=0, keepdims=True))
    numbers = nearest_centroid(points[sample], np.array(row["centroids"])) - 1
    if row["segment_count"] > 1:
        few = sampled_rows(len(sample), _PAIRWISE_ROWS, 0)
        _add_figures(points[sample], [row], [numbers[few]], few, few)
    row |= {
        "is_leading": True,
        "is_chosen": True,
        "reason": _forced_reason(points, row["segment_count"], minimum_count),
    }
    return Assessment([row], sample, [numbers])


def _density(
    points: np.ndarray, minimum_segment_share: float, random_state: int
) -> tuple[Partition | None, float]:
    """Return the agreed density partition; None in too many directions."""
    if intrinsic_dimension(points) > _DENSITY_DIMENSION_LIMIT:
        return None, 0.0
    return agreed_density_partition(
        points,
        minimum_segment_share=minimum_segment_share,
        random_state=random_state,
    )


def _challengers(
    points: np.ndarray,
    counts: Sequence[int],
    with_hdbscan: bool,
    minimum_segment_share: float,
    random_state: int,
) -> list[Partition]:
    """Fit what SQL cannot score, on few persons."""
    found: dict[tuple[str, int], Partition] = {}
    least, waited = math.inf, 0
    for count in counts:
        fitted = part_by_mixture(points, count, random_state=random_state)
        if fitted is None or waited == _MIXTURE_PATIENCE:
            break
        partition, criterion = fitted
        found[partition.algorithm, partition.segment_count] = partition
        waited = 0 if criterion < least else waited + 1
        least = min(least, criterion)
    others = [part_by_reach(points, minimum_segment_share=minimum_segment_share)]
    if with_hdbscan:
        others.append(
            part_by_density(
                points,
                minimum_samples=5,
                minimum_cluster_size=max(5, round(minimum_segment_share * len(points))),
            )
        )
    for partition in others:
        found[partition.algorithm, partition.segment_count] = partition
    return [one for one in found.values() if one.segment_count > 1]


def _measured(
    points: np.ndarray, ranking: np.ndarray, algorithm: str, centroids: np.ndarray
) -> dict[str, Any] | None:
    """Describe the segments, put in order; None when one is empty."""
    segment_count = len(centroids)
    numbers = nearest_centroid(points, centroids)
    sizes = np.bincount(numbers - 1, minlength=segment_count)
    if sizes.min() == 0:
        return None
    means = np.bincount(numbers - 1, weights=ranking) / sizes
    order = np.lexsort((*centroids.T[::-1], -means))
    centroids = centroids[order]
    numbers = nearest_centroid(points, centroids)
    sizes = np.bincount(numbers - 1, minlength=segment_count)
    squared = ((points - centroids[numbers - 1]) ** 2).sum(axis=1)
    spread = np.bincount(numbers - 1, weights=squared, minlength=segment_count)
    within = spread / (sizes * max(points.shape[1], 1))
    return {
        **_blank(algorithm, segment_count, 1.0),
        "is_scorable": True,
        "inertia": float(squared.sum()),
        "centroids": centroids.tolist(),
        "person_shares": (sizes / len(points)).tolist(),
        "within_variance": np.maximum(within, _WITHIN_VARIANCE_FLOOR).tolist(),
    }


def _challenger(partition: Partition) -> dict[str, Any]:
    return _blank(partition.algorithm, partition.segment_count, partition.coverage)


def _blank(algorithm: str, segment_count: int, coverage: float) -> dict[str, Any]:
    """Return a row in which nothing has been measured yet."""
    row: dict[str, Any] = {
        name: math.nan for name, dtype in CANDIDATE_TYPES.items() if dtype == "float64"
    }
    return {
        **row,
        "algorithm": algorithm,
        "segment_count": segment_count,
        "standard_error": math.nan,
        "coverage": coverage,
        "is_scorable": False,
        "is_elbow": False,
        "is_leading": False,
        "is_chosen": False,
        "reason": "",
        "centroids": None,
        "person_shares": None,
        "within_variance": None,
    }


def _add_figures(
    points: np.ndarray,
    rows: list[dict[str, Any]],
    compared: list[np.ndarray],
    measured: np.ndarray,
    few: np.ndarray,
) -> None:
    """Add the indices, each partition on the persons it was compared on."""
    for positions in (measured, few):
        which = [
            at
            for at, found in enumerate(compared)
            if len(found) == len(positions) and math.isnan(rows[at]["silhouette"])
        ]
        seen = points[positions]
        found = silhouettes(seen, [compared[at] for at in which])
        pairwise = sampled_rows(len(seen), _PAIRWISE_ROWS, 0)
        for at, silhouette in zip(which, found, strict=True):
            low, high = silhouette.interval
            rows[at] |= {
                "silhouette": silhouette.mean,
                "standard_error": silhouette.standard_error,
                "silhouette_low": low if not math.isnan(silhouette.mean) else math.nan,
                "silhouette_high": high
                if not math.isnan(silhouette.mean)
                else math.nan,
                "davies_bouldin": davies_bouldin(seen, compared[at]),
                "calinski_harabasz": calinski_harabasz(seen, compared[at]),
                "dunn": dunn(seen[pairwise], compared[at][pairwise]),
            }


def _add_curves(
    points: np.ndarray,
    rows: list[dict[str, Any]],
    counts: Sequence[int],
    random_state: int,
) -> None:
    """Add the gap statistic of K-means, and where its inertia bends."""
    curve = [row for row in rows if row["algorithm"] == "k_means"]
    knee = elbow(
        [row["segment_count"] for row in curve[1:]],
        [row["inertia"] for row in curve[1:]],
    )
    gaps = gap_statistics(
        points[sampled_rows(len(points), _PAIRWISE_ROWS, random_state)],
        [row["segment_count"] for row in curve],
        reference_count=5,
        random_state=random_state,
    )
    for row in curve:
        row["is_elbow"] = row["segment_count"] == knee
        row["gap"], row["gap_error"] = gaps[row["segment_count"]]


def _add_agreement(
    rows: list[dict[str, Any]],
    numbers: list[np.ndarray | None],
    led: int,
    random_state: int,
) -> None:
    """Add how far each candidate agrees with the density partition."""
    known = [at for at, found in enumerate(numbers) if found is not None]
    positions = sampled_rows(len(numbers[led]), _PAIRWISE_ROWS, random_state)
    matrix = agreement_matrix([numbers[at][positions] for at in known])
    for at, value in zip(known, matrix[known.index(led)], strict=True):
        rows[at]["agreement"] = float(value)


def _add_stability(
    points: np.ndarray, row: dict[str, Any], random_state: int
) -> np.ndarray:
    """Add the mean bootstrap stability to a finalist; return it by segment."""
    found = segment_stability(
        points, row["centroids"], **_resampling(points, row, random_state)
    )
    row["stability"] = float(found.mean())
    return found


def _add_other_stabilities(
    points: np.ndarray, row: dict[str, Any], random_state: int
) -> None:
    """Add to the winner how it survives subsamples, seeds and a held-out half."""
    settings = _resampling(points, row, random_state)
    for column, scheme in (
        ("stability", "bootstrap"),
        ("subsample_stability", "subsample"),
        ("seed_stability", "seeds"),
    ):
        found = segment_stability(points, row["centroids"], scheme=scheme, **settings)
        row[column] = float(found.mean())
    row["held_out_agreement"] = held_out_agreement(
        points,
        row["centroids"],
        algorithm=row["algorithm"],
        random_state=random_state,
    )


def _resampling(
    points: np.ndarray, row: dict[str, Any], random_state: int
) -> dict[str, Any]:
    return {
        "algorithm": row["algorithm"],
        "resample_count": _FINALIST_RESAMPLES,
        # All that candidates were fitted on: of fewer, a rare segment keeps too few.
        "sample_size_limit": max(1, len(points)),
        "random_state": random_state,
    }


def _settled(
    points: np.ndarray, ranking: np.ndarray, row: dict[str, Any]
) -> dict[str, Any]:
    """Let a chosen K-means, fitted on a sample, settle on everybody."""
    start = np.array(row["centroids"])
    with threadpool_limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        centroids = KMeans(len(start), init=start, n_init=1).fit(points)
    settled = _measured(points, ranking, "k_means", centroids.cluster_centers_)
    kept = ("inertia", "centroids", "person_shares", "within_variance")
    return {} if settled is None else {name: settled[name] for name in kept}


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
