"""The rule that picks one candidate, in words for every candidate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

# From this adjusted Rand index on, two partitions are taken to say the same.
SAME_PARTITION = 0.9
# From this mean Jaccard similarity on, a segment is found again in resamples (Hennig's
# limit for a valid, stable cluster).
FOUND_AGAIN = 0.75
_NORMAL_QUANTILE = 1.96

Row = Mapping[str, Any]


def choose_candidate(
    candidates: Sequence[Row],
    *,
    floor: float,
    cloud_floor: float | None = None,
    divides_cloud: bool = False,
    is_led: bool,
    minimum_segment_share: float,
    rare_segment_share: float = 1.0,
    stability_of: Callable[[int], ArrayLike],
) -> tuple[int, list[str]]:
    """Choose one candidate and say why, candidate by candidate.

    The rule is stated in `tessera.methods.candidates.fit_candidates`.

    Parameters
    ----------
    candidates : sequence of mapping
        One of them with one segment. `algorithm`, `segment_count`, `is_scorable`,
        `silhouette` and `standard_error` (NaN where undefined), `person_shares`, and
        `agreement` with the density partition (NaN without one).
    floor : float
        Best silhouette of drawn persons without structure.
    cloud_floor : float, optional
        Best silhouette of persons whose features were shuffled one by one.
    divides_cloud : bool, default False
        Whether it is enough to beat `cloud_floor`.
    is_led : bool
        Whether a density partition stands.
    minimum_segment_share : float
        Share of persons, in 0..1, that the smallest segment should hold.
    rare_segment_share : float, default 1
        Share of persons, in 0..1, that is enough for a segment that is found again in
        resamples.
    stability_of : callable
        Position of a candidate to the stability of each segment, in 0..1; asked of
        finalists, and of candidates with a rare segment that might be.

    Returns
    -------
    chosen : int
        Position of the chosen candidate.
    reasons : list of str
        A sentence for every candidate.

    Raises
    ------
    ValueError
        If no candidate has one segment.

    Examples
    --------
    >>> base = {"algorithm": "k_means", "is_scorable": True, "standard_error": 0.01}
    >>> base |= {"person_shares": [0.5, 0.5], "agreement": math.nan}
    >>> chosen, reasons = choose_candidate(
    ...     [
    ...         {**base, "segment_count": 1, "silhouette": math.nan},
    ...         {**base, "segment_count": 2, "silhouette": 0.3},
    ...     ],
    ...     floor=0.35,
    ...     is_led=False,
    ...     minimum_segment_share=0.02,
    ...     stability_of=lambda position: 1.0,
    ... )
    >>> chosen
    0
    >>> reasons[0]
    'K = 1: no silhouette is surely above 0.350, which persons without structure reach.'
    """
    single = next(
        (at for at, row in enumerate(candidates) if row["segment_count"] == 1), None
    )
    if single is None:
        raise ValueError("candidates should hold one of 1 segment, found none.")
    reasons = ["" for _ in candidates]
    scorable = [
        at
        for at, row in enumerate(candidates)
        if row["is_scorable"] and not math.isnan(row["silhouette"])
    ]
    for at, row in enumerate(candidates):
        if not row["is_scorable"]:
            reasons[at] = f"{_opening(row)}: a challenger, which SQL cannot score."
        elif at not in scorable and at != single:
            reasons[at] = f"{_opening(row)}: silhouette is undefined."

    stability_of = cache(stability_of)
    large = [
        at
        for at in scorable
        if min(candidates[at]["person_shares"]) >= minimum_segment_share
    ]
    large = sorted(
        large
        + _with_rare_segments(
            candidates,
            scorable,
            large,
            minimum_segment_share,
            rare_segment_share,
            stability_of,
        )
    )
    for at in scorable if large else []:
        if at not in large:
            smallest = min(candidates[at]["person_shares"])
            reasons[at] = (
                f"{_opening(candidates[at])}: its smallest segment holds "
                f"{smallest:.1%} of persons, less than {minimum_segment_share:.1%}."
            )
    eligible = large or scorable
    remark = ""
    if not is_led:
        surest = max(
            (
                candidates[at]["silhouette"]
                - _NORMAL_QUANTILE * candidates[at]["standard_error"]
                for at in eligible
            ),
            default=-1.0,
        )
        hurdle = floor if cloud_floor is None else max(floor, cloud_floor)
        is_cloud = surest <= hurdle
        if is_cloud and divides_cloud and cloud_floor is not None:
            remark = (
                f" Persons are one cloud, cut for use: one without segments reaches "
                f"{hurdle:.3f}, shuffled features {cloud_floor:.3f}."
            )
            is_cloud = surest <= cloud_floor
            hurdle = cloud_floor if is_cloud else hurdle
        if is_cloud:
            return single, _undivided(candidates, eligible, single, hurdle, reasons)
    reasons[single] = "K = 1: there is structure, so persons are parted."
    if not eligible:
        reasons[single] = "K = 1: no candidate with more segments can be measured."
        return single, reasons
    if is_led:
        return _follow(candidates, eligible, reasons, stability_of)
    winner, reasons = _pick(candidates, eligible, reasons, stability_of, "")
    reasons[winner] += remark
    return winner, reasons


def _with_rare_segments(
    candidates: Sequence[Row],
    scorable: Sequence[int],
    large: Sequence[int],
    minimum_segment_share: float,
    rare_segment_share: float,
    stability_of: Callable[[int], ArrayLike],
) -> list[int]:
    """Find those whose small segments are found again, if they part no worse."""
    best = max(large, key=lambda at: candidates[at]["silhouette"], default=None)
    if best is None:
        return []
    limit = candidates[best]["silhouette"] - candidates[best]["standard_error"]
    found = []
    for at in set(scorable) - set(large):
        shares = np.asarray(candidates[at]["person_shares"])
        is_contender = candidates[at]["silhouette"] >= limit
        if is_contender and shares.min() >= rare_segment_share:
            rare = np.asarray(stability_of(at))[shares < minimum_segment_share]
            if rare.min() >= FOUND_AGAIN:
                found.append(at)
    return found


def _undivided(
    candidates: Sequence[Row],
    eligible: Sequence[int],
    single: int,
    hurdle: float,
    reasons: list[str],
) -> list[str]:
    """Say of every candidate that it is no better than none."""
    for at in eligible:
        reasons[at] = (
            f"{_opening(candidates[at])}: silhouette "
            f"{candidates[at]['silhouette']:.3f} is not surely above {hurdle:.3f}, "
            "which persons without structure reach."
        )
    reasons[single] = (
        f"K = 1: no silhouette is surely above {hurdle:.3f}, which persons without "
        "structure reach."
    )
    return reasons


def _follow(
    candidates: Sequence[Row],
    eligible: Sequence[int],
    reasons: list[str],
    stability_of: Callable[[int], ArrayLike],
) -> tuple[int, list[str]]:
    """Choose among those that say what the density partition says, or the nearest."""
    alike = [at for at in eligible if candidates[at]["agreement"] >= SAME_PARTITION]
    if alike:
        for at in set(eligible) - set(alike):
            reasons[at] = (
                f"{_opening(candidates[at])}: agrees by "
                f"{candidates[at]['agreement']:.2f} with what density shows, less "
                f"than {SAME_PARTITION:.2f}."
            )
        told = f" that agree with what density shows by {SAME_PARTITION:.2f} or more"
        return _pick(candidates, alike, reasons, stability_of, told)
    winner = max(
        eligible,
        key=lambda at: (candidates[at]["agreement"], -candidates[at]["segment_count"]),
    )
    best = candidates[winner]["agreement"]
    for at in eligible:
        reasons[at] = (
            f"{_opening(candidates[at])}: agrees by "
            f"{candidates[at]['agreement']:.2f} with what density shows, less than "
            f"{_opening(candidates[winner])} ({best:.2f})."
        )
    reasons[winner] = (
        f"{_opening(candidates[winner])}: nearest (adjusted Rand {best:.2f}) to what "
        "density shows, a shape that no centroids follow."
    )
    return winner, reasons


def _pick(
    candidates: Sequence[Row],
    eligible: Sequence[int],
    reasons: list[str],
    stability_of: Callable[[int], ArrayLike],
    told: str,
) -> tuple[int, list[str]]:
    """Choose the most stable within one standard error of the best silhouette."""
    best = max(eligible, key=lambda at: candidates[at]["silhouette"])
    top = candidates[best]["silhouette"]
    limit = top - candidates[best]["standard_error"]
    close = [at for at in eligible if candidates[at]["silhouette"] >= limit]
    stabilities = {at: round(float(np.mean(stability_of(at))), 3) for at in close}
    winner = min(
        close,
        key=lambda at: (-stabilities[at], candidates[at]["segment_count"], at),
    )
    for at in eligible:
        row = candidates[at]
        if at not in close:
            reasons[at] = (
                f"{_opening(row)}: silhouette {row['silhouette']:.3f} is more than one "
                f"standard error below the best ({top:.3f})."
            )
        elif at != winner:
            reasons[at] = (
                f"{_opening(row)}: stability {stabilities[at]:.3f} is not above that "
                f"of {_opening(candidates[winner])} ({stabilities[winner]:.3f})."
            )
    count = len(close)
    among = f"the {count} candidates" if count > 1 else "the one candidate"
    reasons[winner] = (
        f"{_opening(candidates[winner])}: most stable ({stabilities[winner]:.3f}) "
        f"among {among} within one standard error of the best silhouette "
        f"({top:.3f}){f' of those{told}' if told else ''}."
    )
    return winner, reasons


def _opening(row: Row) -> str:
    algorithm = row["algorithm"].replace("_", " ")
    return f"K = {row['segment_count']} ({algorithm})"
