"""Families of segments: the same persons at a coarser depth, nested by construction."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tessera.methods._checks import finite_matrix
from tessera.methods._frames import typed_frame

MERGE_TYPES = {
    "merge_number": "int64",
    "first_node": "int64",
    "second_node": "int64",
    "merged_node": "int64",
    "height": "float64",
    "segment_count": "int64",
    "person_share": "float64",
}

# Up to here each segment is a family of its own: there is nothing to sum up.
_FEWEST_SEGMENTS_TO_GROUP = 4


def merge_segments(centroids: ArrayLike, person_shares: ArrayLike) -> pd.DataFrame:
    """Merge segments two by two until one is left, the least different first.

    Ward's method on the centroids, each with the weight of its persons: the height of
    a merge is the square root of twice what it adds to the mean squared distance
    between persons and their centroid.

    Parameters
    ----------
    centroids : array-like of shape (n_segments, n_dimensions)
        Segment number 1 first; finite.
    person_shares : array-like of shape (n_segments,)
        Share of persons per segment, above 0.

    Returns
    -------
    DataFrame of shape (n_segments - 1, 7)
        One row per merge, in order: `merge_number` from 1; `first_node` and
        `second_node`, the lower number first: segments keep their numbers, merge m is
        node ``n_segments + m``, its `merged_node`; `height`, never falling;
        `segment_count` and `person_share` of the merged node. Fewer than 2 segments
        give no rows.

    Raises
    ------
    ValueError
        If a value is null or infinite, lengths differ or a share is not above 0.

    Notes
    -----
    Deterministic; of equally good merges that of the lowest node numbers goes first.

    References
    ----------
    Ward, J. (1963). Hierarchical grouping to optimize an objective function. Journal
    of the American Statistical Association 58, 236-244.

    Examples
    --------
    >>> merges = merge_segments([[0.0], [9.0], [1.0]], [0.25, 0.5, 0.25])
    >>> merges[["first_node", "second_node", "merged_node", "segment_count"]]
       first_node  second_node  merged_node  segment_count
    0           1            3            4              2
    1           2            4            5              3
    """
    centroids = finite_matrix(centroids, "centroids")
    shares = np.asarray(person_shares, dtype="float64")
    if shares.shape != (len(centroids),):
        raise ValueError(
            f"person_shares should hold one value per centroid ({len(centroids)}), "
            f"found shape {shares.shape}."
        )
    if not (np.isfinite(shares).all() and (shares > 0).all()):
        raise ValueError(f"person_shares should be > 0, found {shares.tolist()}.")

    nodes = {
        number: (centre, share, 1)
        for number, (centre, share) in enumerate(
            zip(centroids, shares, strict=True), start=1
        )
    }
    rows = []
    for merge_number in range(1, len(centroids)):
        height, first, second = min(
            (_height(nodes[first], nodes[second]), first, second)
            for first in nodes
            for second in nodes
            if first < second
        )
        (one, one_share, one_count), (two, two_share, two_count) = (
            nodes.pop(first),
            nodes.pop(second),
        )
        share = one_share + two_share
        merged = len(centroids) + merge_number
        nodes[merged] = (
            (one_share * one + two_share * two) / share,
            share,
            one_count + two_count,
        )
        rows.append(
            {
                "merge_number": merge_number,
                "first_node": first,
                "second_node": second,
                "merged_node": merged,
                "height": height,
                "segment_count": one_count + two_count,
                "person_share": share,
            }
        )
    return typed_frame(rows, MERGE_TYPES)


def choose_family_count(heights: ArrayLike) -> int:
    """Choose how many families to sum the segments up in.

    Among 2 up to half of the segments (rounded up), the number before whose next merge
    the tree is longest: the greatest ratio of the height of that merge to the height of
    the one before; on a tie the fewest families. Three segments or fewer are a family
    each.

    Parameters
    ----------
    heights : array-like of shape (n_segments - 1,)
        Of `merge_segments`, in order.

    Returns
    -------
    int
        From 1 to n_segments.

    Raises
    ------
    ValueError
        If heights fall.

    Examples
    --------
    >>> choose_family_count([1.0, 1.0, 1.1, 1.2, 5.0, 6.0])
    3
    """
    heights = np.asarray(heights, dtype="float64")
    if (np.diff(heights) < -1e-9 * heights.max(initial=0)).any():
        raise ValueError(f"heights should never fall, found {heights.tolist()}.")
    segment_count = len(heights) + 1
    if segment_count < _FEWEST_SEGMENTS_TO_GROUP:
        return segment_count
    floor = max(heights[-1], 1.0) * 1e-12
    counts = range(2, (segment_count + 1) // 2 + 1)
    return min(
        counts,
        key=lambda count: (
            -(heights[segment_count - count] + floor)
            / (heights[segment_count - count - 1] + floor),
            count,
        ),
    )


def family_numbers(merges: pd.DataFrame, family_count: int) -> np.ndarray:
    """Find the family of each segment.

    Parameters
    ----------
    merges : DataFrame of shape (n_segments - 1, 7)
        Output of `merge_segments`.
    family_count : int
        From 1 to n_segments.

    Returns
    -------
    ndarray of shape (n_segments,), int64
        Family of segment 1 first, numbered from 1 in the order in which their first
        segments come.

    Raises
    ------
    ValueError
        If `family_count` is not in that range.

    Examples
    --------
    >>> merges = merge_segments([[0.0], [9.0], [1.0]], [0.25, 0.5, 0.25])
    >>> family_numbers(merges, 2)
    array([1, 2, 1])
    """
    segment_count = len(merges) + 1
    if not 1 <= family_count <= segment_count:
        raise ValueError(
            f"family_count should be in 1..{segment_count}, found {family_count}."
        )
    node_of = list(range(1, segment_count + 1))
    for merge in merges.head(segment_count - family_count).itertuples():
        merged = {merge.first_node, merge.second_node}
        node_of = [merge.merged_node if node in merged else node for node in node_of]
    numbers = {node: number for number, node in enumerate(dict.fromkeys(node_of), 1)}
    return np.array([numbers[node] for node in node_of], dtype="int64")


def family_table(merges: pd.DataFrame, segment_numbers: ArrayLike) -> pd.DataFrame:
    """List the family of each segment.

    Parameters
    ----------
    merges : DataFrame of shape (n_segments - 1, 7)
        Output of `merge_segments`.
    segment_numbers : array-like of shape (n_segments,)
        Numbers of the segments, ascending from 1.

    Returns
    -------
    DataFrame of shape (n_segments, 2)
        `segment_number` and `family_number`. No segments give no rows.

    Examples
    --------
    >>> family_table(merge_segments([[0.0]], [1.0]), [1])
       segment_number  family_number
    0               1              1
    """
    numbers = np.asarray(segment_numbers, dtype="int64")
    families = np.empty(0, dtype="int64")
    if len(numbers):
        families = family_numbers(merges, choose_family_count(merges["height"]))
    return pd.DataFrame({"segment_number": numbers, "family_number": families})


def _height(
    one: tuple[np.ndarray, float, int], two: tuple[np.ndarray, float, int]
) -> float:
    """Return the height at which Ward merges two nodes."""
    distance = float(((one[0] - two[0]) ** 2).sum())
    return float(np.sqrt(2 * one[1] * two[1] / (one[1] + two[1]) * distance))
