"""Breaks between groups of one variable: exact K-means on a line.

Groups on a line are neighbours, so dynamic programming finds the best partition there
is, without a start to choose. Fisher (1958) gave the method; cartographers call its
result natural breaks (Jenks), R's Ckmeans.1d.dp computes it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from tessera.methods._checks import finite_matrix, require_columns
from tessera.methods._frames import typed_frame

BREAK_TYPES = {
    "variable": "str",
    "scope": "str",
    "scope_value": "str",
    "edge_number": "int64",
    "edge": "float64",
}
# Exact up to as many different values; the time grows with their square.
LARGEST_HISTOGRAM = 1024


def fit_breaks(
    value_counts: pd.DataFrame,
    rules: pd.DataFrame,
    *,
    largest_histogram: int = LARGEST_HISTOGRAM,
) -> pd.DataFrame:
    """Find the breaks of every variable, scope and scope value.

    Parameters
    ----------
    value_counts : DataFrame
        ``variable``, ``scope``, ``scope_value``, ``measure`` (finite) and
        ``person_count`` (1 or more), in any order.
    rules : DataFrame
        ``variable``, ``scope`` and ``bin_count`` (2 or more), one row each; value
        counts without a rule are passed over.
    largest_histogram : int, default 1024
        See ``breaks``.

    Returns
    -------
    DataFrame
        ``variable``, ``scope``, ``scope_value``, ``edge_number`` (1 to
        ``bin_count - 1``) and ``edge``, sorted. No rows give an empty table of the
        same types.

    Examples
    --------
    >>> counts = pd.DataFrame(
    ...     {
    ...         "variable": "order_count",
    ...         "scope": "all",
    ...         "scope_value": "all",
    ...         "measure": [1.0, 2.0, 9.0],
    ...         "person_count": [5, 4, 3],
    ...     }
    ... )
    >>> rules = pd.DataFrame(
    ...     {"variable": ["order_count"], "scope": ["all"], "bin_count": [2]}
    ... )
    >>> fit_breaks(counts, rules)[["edge_number", "edge"]].values.tolist()
    [[1.0, 2.0]]
    """
    key = ["variable", "scope", "scope_value"]
    require_columns(value_counts, [*key, "measure", "person_count"], "value_counts")
    require_columns(rules, ["variable", "scope", "bin_count"], "rules")
    bin_counts = rules.set_index(["variable", "scope"])["bin_count"]
    rows = []
    for (variable, scope, scope_value), group in value_counts.groupby(key):
        if (variable, scope) not in bin_counts.index:
            continue
        edges = breaks(
            group["measure"].to_numpy(),
            group["person_count"].to_numpy(),
            int(bin_counts.loc[(variable, scope)]),
            largest_histogram=largest_histogram,
        )
        rows += [
            {
                "variable": variable,
                "scope": scope,
                "scope_value": scope_value,
                "edge_number": number,
                "edge": edge,
            }
            for number, edge in enumerate(edges, start=1)
        ]
    return typed_frame(rows, BREAK_TYPES)


def breaks(
    values: np.ndarray,
    weights: np.ndarray,
    group_count: int,
    *,
    largest_histogram: int = LARGEST_HISTOGRAM,
) -> list[float]:
    """Part values into groups of least squared distance to their means.

    Parameters
    ----------
    values : array-like of shape (n_values,)
        Finite, in any order; equal values always fall in one group.
    weights : array-like of shape (n_values,)
        How often each comes, above 0.
    group_count : int
        Groups, 2 or more.
    largest_histogram : int, default 1024
        Different values up to which the result is exact. More are first joined, by
        rank, into as many neighbourhoods.

    Returns
    -------
    list of float of length `group_count` - 1, never falling
        The largest value of each group but the last. With fewer different values than
        groups the last edges repeat the largest value. No values give an empty list.

    Raises
    ------
    ValueError
        If `group_count` is below 2, a value is not finite, a weight is not positive, or
        the lengths differ.

    Notes
    -----
    Deterministic. Of several best partitions the one whose later groups are longest is
    given.

    Examples
    --------
    >>> breaks([4, 5, 6, 2, -1], [1, 1, 1, 2, 4], 3)
    [-1.0, 2.0]
    >>> breaks([7, 7, 7], [1, 1, 1], 3)
    [7.0, 7.0]
    """
    if group_count < 2:
        raise ValueError(f"group_count should be 2 or more, found {group_count}.")
    values = finite_matrix(np.reshape(values, (-1, 1)), "values")[:, 0]
    weights = finite_matrix(np.reshape(weights, (-1, 1)), "weights")[:, 0]
    if len(values) != len(weights):
        raise ValueError(
            f"weights should be as many as values, found {len(weights)} "
            f"and {len(values)}."
        )
    if (weights <= 0).any():
        raise ValueError(f"weights should be above 0, found {weights.min()}.")
    if not len(values):
        return []
    ends, counts, means, spreads = _histogram(values, weights, largest_histogram)
    last = _last_places(counts, means, spreads, min(group_count, len(ends)))
    edges = [float(ends[place]) for place in last[:-1]]
    return edges + [float(ends[-1])] * (group_count - 1 - len(edges))


def _histogram(
    values: np.ndarray, weights: np.ndarray, largest: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Join equal values, and neighbours where too many differ.

    Returns the largest value, the weight, the mean and the squared distance to it of
    each bin, ascending.
    """
    distinct, place = np.unique(values, return_inverse=True)
    counts = np.bincount(place, weights=weights)
    if len(distinct) > largest:
        share = (np.cumsum(counts) - counts / 2) / counts.sum()
        bins = np.unique((share * largest).astype("int64"), return_inverse=True)[1]
    else:
        bins = np.arange(len(distinct))
    bin_counts = np.bincount(bins, weights=counts)
    means = np.bincount(bins, weights=counts * distinct) / bin_counts
    spreads = np.bincount(bins, weights=counts * (distinct - means[bins]) ** 2)
    ends = distinct[np.flatnonzero(np.diff(bins, append=bins[-1] + 1))]
    return ends, bin_counts, means, spreads


def _last_places(
    counts: np.ndarray, means: np.ndarray, spreads: np.ndarray, group_count: int
) -> list[int]:
    """Last bin of each group in the partition of least squared distance."""
    # Centred, so that squares of large values with little spread keep their digits.
    means = means - np.average(means, weights=counts)
    counted = np.concatenate([[0.0], np.cumsum(counts)])
    summed = np.concatenate([[0.0], np.cumsum(counts * means)])
    squared = np.concatenate([[0.0], np.cumsum(counts * means**2 + spreads)])
    size = len(counts)
    # best[i]: least distance of the first i bins in as many groups as rounds so far.
    best = np.full(size + 1, np.inf)
    best[0] = 0.0
    begins = np.zeros((group_count, size + 1), dtype="int64")
    for group in range(group_count):
        after = np.full(size + 1, np.inf)
        for end in range(group + 1, size + 1):
            starts = np.arange(group, end)
            weight = counted[end] - counted[starts]
            total = summed[end] - summed[starts]
            cost = best[starts] + squared[end] - squared[starts] - total**2 / weight
            found = int(np.argmin(cost))
            after[end], begins[group, end] = cost[found], starts[found]
        best = after
    places = []
    end = size
    for group in reversed(range(group_count)):
        places.append(end - 1)
        end = int(begins[group, end])
    return places[::-1]
