"""Groups of records that hold together, out of pairs that may form a chain."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

# Two groups of records are one when this share of the pairs between them is not out of
# the question: what is true of one pair has to be bearable for most.
JOINING_SHARE = 0.5
# Average linkage compares every two records of a tangle. A larger one is first taken
# apart at its weakest links.
LARGEST_TANGLE = 2_000
# Bits by which a link has to be stronger each time a tangle is still too large.
TIGHTENING_BITS = 3.0


def consistent_groups(
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    *,
    link_weight: float,
    excluded_weight: float,
) -> np.ndarray:
    """Group records so that no chain of links joins two whose other pairs deny it.

    Links give connected components. Within each, average linkage joins groups as long
    as at least half of the pairs between them are not excluded; a pair that is not
    given is.

    Parameters
    ----------
    left, right : ndarray of int, shape (n_pairs,)
        Positions of the two records, from 0.
    weight : ndarray of float, shape (n_pairs,)
        Log2 of the odds that the pair is of one person.
    link_weight, excluded_weight : float
        From where on a pair is a link, and up to where it is out of the question.

    Returns
    -------
    ndarray of int, shape (n_records,)
        Group of each record up to the largest position; records of no pair are alone.

    Notes
    -----
    Deterministic for pairs in one order. Memory grows with the square of the largest
    tangle, 2,000 records at most.

    References
    ----------
    Sokal and Michener 1958 (average linkage).

    Examples
    --------
    Two pairs of records are sure of themselves, and one weak link joins them; of the
    three other pairs between them nobody ever heard.

    >>> groups = consistent_groups(
    ...     np.array([0, 2, 1]),
    ...     np.array([1, 3, 2]),
    ...     np.array([9.0, 9.0, 5.0]),
    ...     link_weight=4.2,
    ...     excluded_weight=-4.2,
    ... )
    >>> [bool(groups[0] == groups[other]) for other in (1, 2, 3)]
    [True, False, False]
    """
    if not len(left):
        return np.zeros(0, dtype=np.int64)
    count = int(max(left.max(), right.max())) + 1
    tangle = _tangles(left, right, weight, count, link_weight)
    groups = tangle.astype(np.int64)
    sizes = np.bincount(tangle)
    members = np.argsort(tangle, kind="stable")
    first = np.concatenate([[0], np.cumsum(sizes)])
    place = np.empty(count, dtype=np.int64)
    place[members] = np.arange(count) - np.repeat(first[:-1], sizes)
    inside = (tangle[left] == tangle[right]) & (weight > excluded_weight)
    left, right = left[inside], right[inside]
    by_tangle = np.argsort(tangle[left], kind="stable")
    left, right = left[by_tangle], right[by_tangle]
    pair_counts = np.bincount(tangle[left], minlength=len(sizes))
    first_pair = np.concatenate([[0], np.cumsum(pair_counts)])
    new_group = len(sizes)
    # Where no pair is excluded there is nothing to doubt.
    for one in np.flatnonzero(pair_counts < sizes * (sizes - 1) // 2):
        size = sizes[one]
        pairs = slice(first_pair[one], first_pair[one + 1])
        distance = np.ones((size, size))
        rows, columns = place[left[pairs]], place[right[pairs]]
        distance[rows, columns] = distance[columns, rows] = 0.0
        np.fill_diagonal(distance, 0.0)
        tree = linkage(squareform(distance, checks=False), "average")
        parts = _cut(tree, 1 - JOINING_SHARE)
        records = members[first[one] : first[one + 1]]
        groups[records] = new_group + parts
        new_group += parts.max() + 1
    return groups


def _cut(tree: np.ndarray, height: float) -> np.ndarray:
    """Cut a tree that scipy made at a height, and number the groups below.

    `fcluster` checks each tree first, which takes as long as making it.
    """
    group = list(range(len(tree) + 1))
    for one, other, distance, _ in tree.tolist():
        # Heights of average linkage never fall from one merge to the next.
        if distance > height:
            break
        joined = group[int(one)]
        moved = group[int(other)]
        group = [joined if member == moved else member for member in group]
        group.append(joined)
    return np.unique(group[: len(tree) + 1], return_inverse=True)[1]


def _tangles(
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    count: int,
    link_weight: float,
) -> np.ndarray:
    """Give each record its connected component of links, none of them too large."""
    linked = weight >= link_weight
    bar = link_weight
    while True:
        ends = (left[linked], right[linked])
        graph = coo_matrix((np.ones(linked.sum()), ends), shape=(count, count))
        tangle = connected_components(graph, directed=False)[1]
        too_large = np.bincount(tangle)[tangle] > LARGEST_TANGLE
        if not too_large.any():
            return tangle
        bar += TIGHTENING_BITS
        linked &= ~(too_large[left] & (weight < bar))
