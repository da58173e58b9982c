"""The rule that picks one candidate, in words for every candidate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def choose_candidate(
    candidates: Sequence[Mapping[str, Any]],
    *,
    silhouette_tolerance: float,
    minimum_segment_share: float,
) -> tuple[int, dict[int, str]]:
    """Choose the number of segments and say why, candidate by candidate.

    The rule is stated in `tessera.methods.candidates.fit_candidates`. When no
    candidate has a silhouette, the smallest K is chosen.

    Parameters
    ----------
    candidates : sequence of mapping
        At least one, by ascending K: `segment_count`, unique; `silhouette` (-1..1) and
        `davies_bouldin` (0 or more), both NaN where undefined; `person_shares`.
    silhouette_tolerance : float
        Difference in silhouette, in 0..1, that is not told apart.
    minimum_segment_share : float
        Share of persons, in 0..1, that the smallest segment should hold.

    Returns
    -------
    chosen : int
        The chosen K.
    reasons : dict of int to str
        K to a sentence, for every candidate.

    Raises
    ------
    ValueError
        If there is no candidate.

    Examples
    --------
    >>> figures = {"silhouette": 0.4, "davies_bouldin": 0.9, "person_shares": [0.5]}
    >>> chosen, reasons = choose_candidate(
    ...     [{**figures, "segment_count": 3}, {**figures, "segment_count": 4}],
    ...     silhouette_tolerance=0.02,
    ...     minimum_segment_share=0.02,
    ... )
    >>> chosen
    3
    >>> reasons[4]
    'K = 4: Davies-Bouldin 0.900 equals that of the smaller K = 3 (0.900).'
    """
    if not candidates:
        raise ValueError("candidates should hold at least 1 candidate, found 0.")
    reasons: dict[int, str] = {}
    eligible = [
        row for row in candidates if min(row["person_shares"]) >= minimum_segment_share
    ]
    for row in candidates:
        if eligible and row not in eligible:
            reasons[row["segment_count"]] = (
                f"K = {row['segment_count']}: its smallest segment holds "
                f"{min(row['person_shares']):.1%} of persons, less than "
                f"{minimum_segment_share:.1%}."
            )
    aside = (
        "" if eligible else f" Every K has a segment below {minimum_segment_share:.1%}."
    )
    eligible = eligible or list(candidates)

    measured = [row for row in eligible if not math.isnan(row["silhouette"])]
    if not measured:
        chosen = eligible[0]["segment_count"]
        for row in eligible:
            reasons[row["segment_count"]] = (
                f"K = {row['segment_count']}: silhouette is undefined on so few "
                f"persons; the smallest K, {chosen}, is chosen.{aside}"
            )
        return chosen, reasons

    best = max(row["silhouette"] for row in measured)
    close = [
        row for row in measured if row["silhouette"] >= best - silhouette_tolerance
    ]
    winner = min(close, key=lambda row: (row["davies_bouldin"], row["segment_count"]))
    for row in eligible:
        reasons[row["segment_count"]] = (
            _reason(row, winner, close, best, silhouette_tolerance) + aside
        )
    return winner["segment_count"], reasons


def _reason(
    row: Mapping[str, Any],
    winner: Mapping[str, Any],
    close: Sequence[Mapping[str, Any]],
    best: float,
    tolerance: float,
) -> str:
    """Say in a sentence why an eligible candidate was chosen, or not."""
    opening = f"K = {row['segment_count']}:"
    index = f"Davies-Bouldin {row['davies_bouldin']:.3f}"
    if row is winner and len(close) == 1:
        return (
            f"{opening} highest silhouette ({best:.3f}), no other candidate is "
            f"within {tolerance:g} of it."
        )
    if row is winner:
        return (
            f"{opening} lowest {index} among the {len(close)} candidates whose "
            f"silhouette is within {tolerance:g} of the best ({best:.3f})."
        )
    if math.isnan(row["silhouette"]):
        return f"{opening} silhouette is undefined on so few persons."
    if row not in close:
        return (
            f"{opening} silhouette {row['silhouette']:.3f} is more than "
            f"{tolerance:g} below the best ({best:.3f})."
        )
    other = f"K = {winner['segment_count']} ({winner['davies_bouldin']:.3f})"
    if row["davies_bouldin"] == winner["davies_bouldin"]:
        return f"{opening} {index} equals that of the smaller {other}."
    return f"{opening} {index} is above that of {other}."
