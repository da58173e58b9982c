"""Persons as components of a graph: profiles are nodes, what they share are links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from tessera.methods._checks import require_columns

# Links whose probabilities agree to two decimals are equally strong.
_PROBABILITY_DECIMALS = 2


@dataclass(frozen=True)
class Limits:
    """What a person may hold at most.

    Parameters
    ----------
    rules : DataFrame
        One row per identifier type: `identifier_type`, `identifier_space` (types that
        share values share one) and `maximum_per_person` (different values of the
        space; of several types of one space the least counts).
    maximum_profiles : int
        Profiles that one person may have.
    """

    rules: pd.DataFrame
    maximum_profiles: int


def connected_profiles(left: np.ndarray, right: np.ndarray) -> pa.Table:
    """Say which profiles hang together by any number of links.

    Parameters
    ----------
    left, right : ndarray of int64, shape (n_links,)
        Keys of the two profiles of each link, in any order; repeated links and links
        of a profile with itself change nothing. Null is not allowed.

    Returns
    -------
    pyarrow.Table of shape (n_linked_profiles, 2)
        One row per profile that a link touches: `profile_key`, ascending, and
        `component_key`, the smallest profile key of its component. No links give no
        rows.

    Notes
    -----
    Deterministic, and the same for links in any order. Time and memory grow with the
    number of links; nothing recurses (scipy walks the graph breadth first).

    Examples
    --------
    >>> connected_profiles(np.array([1, 2, 8]), np.array([2, 5, 9])).to_pydict()
    {'profile_key': [1, 2, 5, 8, 9], 'component_key': [1, 1, 1, 8, 8]}
    """
    ends, keys = pd.factorize(np.concatenate([_keys(left), _keys(right)]))
    count, labels = connected_components(
        _graph(ends[: len(left)], ends[len(left) :], len(keys)), directed=False
    )
    smallest = np.full(count, np.iinfo("int64").max)
    np.minimum.at(smallest, labels, keys)
    order = np.argsort(keys)
    return pa.table(
        {"profile_key": keys[order], "component_key": smallest[labels[order]]}
    )


def split_components(
    profile_keys: np.ndarray,
    links: pd.DataFrame,
    identifiers: pd.DataFrame,
    decisions: pd.DataFrame,
    limits: Limits,
) -> pd.DataFrame:
    """Join profiles by their links, the strongest first, as far as limits allow.

    Links are taken level by level: by priority, then by probability. Where all links
    of a level together would make a person that breaks a limit, none of them counts
    there. Two profiles that somebody decided are different persons never come
    together: among equally strong links the oldest count, and what would join the two
    is left out.

    Parameters
    ----------
    profile_keys : ndarray of int64, shape (n_profiles,)
        Different keys, in any order.
    links : DataFrame
        `left_profile_key`, `right_profile_key`, `priority` (1 is strongest),
        `match_probability` (0..1) and `linked_on` (date or null; null is oldest).
        Links of other profiles are passed over.
    identifiers : DataFrame
        `profile_key`, `identifier_type` and `identifier_key`; values that profiles
        hold and that limits count.
    decisions : DataFrame
        `left_profile_key`, `right_profile_key` and `decision`; only `different` is
        read.
    limits : Limits
        What a person may hold.

    Returns
    -------
    DataFrame of shape (n_profiles, 3)
        One row per profile: `profile_key`, ascending; `component_key`, the smallest
        profile key of those it hangs together with by any link; `part_key`, the
        smallest of those it stays with. Every part of two profiles or more keeps
        every limit.

    Notes
    -----
    Deterministic, and the same for rows in any order.

    Examples
    --------
    >>> links = pd.DataFrame({
    ...     "left_profile_key": [1, 2], "right_profile_key": [2, 3],
    ...     "priority": [2, 5], "match_probability": [1.0, 1.0],
    ...     "linked_on": [None, None]})
    >>> rules = pd.DataFrame({"identifier_type": ["card"], "identifier_space": ["card"],
    ...     "maximum_per_person": [1]})
    >>> cards = pd.DataFrame({"profile_key": [1, 3], "identifier_type": ["card"] * 2,
    ...     "identifier_key": [70, 71]})
    >>> nothing = pd.DataFrame(
    ...     columns=["left_profile_key", "right_profile_key", "decision"])
    >>> split_components(
    ...     np.array([1, 2, 3]), links, cards, nothing, Limits(rules, 9)
    ... )["part_key"].tolist()
    [1, 1, 3]
    """
    keys = np.unique(_keys(profile_keys))
    links = _strongest_first(links, keys)
    left = np.searchsorted(keys, links["left_profile_key"])
    right = np.searchsorted(keys, links["right_profile_key"])
    held = _Holdings(identifiers, keys, limits)
    apart = _pairs_apart(decisions, keys)

    parts = np.arange(len(keys))
    for begin, end in _levels(links):
        merged = _labels(parts[left[begin:end]], parts[right[begin:end]], len(keys))
        merged = merged[parts]
        divided = np.unique(
            merged[apart[:, 0]][merged[apart[:, 0]] == merged[apart[:, 1]]]
        )
        broken = held.broken(merged)
        kept = np.where(np.isin(merged, broken), parts, merged)
        torn = np.setdiff1d(divided, broken)
        if len(torn):
            inside = np.flatnonzero(np.isin(merged[left[begin:end]], torn)) + begin
            within = np.isin(merged, torn)
            kept[within] = _join_one_by_one(
                parts, zip(left[inside], right[inside], strict=True), apart
            )[within]
        parts = _smallest(kept)
    return pd.DataFrame(
        {
            "profile_key": keys,
            "component_key": keys[_labels(left, right, len(keys))],
            "part_key": keys[parts],
        }
    )


class _Holdings:
    """What profiles hold, ready to be counted by any division into persons."""

    def __init__(self, identifiers: pd.DataFrame, keys: np.ndarray, limits: Limits):
        require_columns(
            identifiers,
            ["profile_key", "identifier_type", "identifier_key"],
            "identifiers",
        )
        least = limits.rules.groupby("identifier_space")["maximum_per_person"].min()
        held = identifiers.loc[identifiers["profile_key"].isin(keys)].merge(
            limits.rules[["identifier_type", "identifier_space"]], on="identifier_type"
        )
        self._profile = np.searchsorted(keys, held["profile_key"])
        self._space = np.searchsorted(least.index, held["identifier_space"])
        self._value = pd.factorize(held["identifier_key"])[0]
        self._least = least.to_numpy()
        self._maximum_profiles = limits.maximum_profiles

    def broken(self, parts: np.ndarray) -> np.ndarray:
        """Give the labels of the parts that break a limit."""
        labels, sizes = np.unique(parts, return_counts=True)
        too_large = labels[sizes > self._maximum_profiles]
        values = np.unique(
            np.stack([parts[self._profile], self._space, self._value]), axis=1
        )
        holders, counts = np.unique(values[:2], axis=1, return_counts=True)
        too_many = holders[0][counts > self._least[holders[1]]]
        return np.union1d(too_large, too_many)


def _keys(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, dtype="int64")


def _labels(left: np.ndarray, right: np.ndarray, size: int) -> np.ndarray:
    """Label `size` nodes by the smallest node of their component."""
    graph = _graph(left, right, size)
    return _smallest(connected_components(graph, directed=False)[1])


def _graph(left: np.ndarray, right: np.ndarray, size: int) -> csr_array:
    weights = np.ones(len(left), dtype="int8")
    return csr_array((weights, (left, right)), shape=(size, size))


def _smallest(labels: np.ndarray) -> np.ndarray:
    """Rename labels to the position that has each first."""
    first = np.empty(labels.max(initial=-1) + 1, dtype="int64")
    first[labels[::-1]] = np.arange(len(labels))[::-1]
    return first[labels]


def _strongest_first(links: pd.DataFrame, keys: np.ndarray) -> pd.DataFrame:
    ends = ["left_profile_key", "right_profile_key"]
    require_columns(
        links, [*ends, "priority", "match_probability", "linked_on"], "links"
    )
    known = links[ends[0]].isin(keys) & links[ends[1]].isin(keys)
    return (
        links.loc[known]
        .assign(
            linked_on=pd.to_datetime(links["linked_on"]),
            match_probability=-links["match_probability"].round(_PROBABILITY_DECIMALS),
        )
        .sort_values(
            ["priority", "match_probability", "linked_on", *ends],
            na_position="first",
        )
        .reset_index(drop=True)
    )


def _levels(links: pd.DataFrame) -> list[tuple[int, int]]:
    """Give the first and the last row, exclusive, of links of equal strength."""
    strength = links[["priority", "match_probability"]].to_numpy(dtype="float64")
    changes = np.flatnonzero(np.any(strength[1:] != strength[:-1], axis=1)) + 1
    return list(pairwise([*dict.fromkeys([0, *changes.tolist(), len(links)])]))


def _pairs_apart(decisions: pd.DataFrame, keys: np.ndarray) -> np.ndarray:
    ends = ["left_profile_key", "right_profile_key"]
    require_columns(decisions, [*ends, "decision"], "decisions")
    apart = decisions.loc[
        (decisions["decision"] == "different")
        & decisions[ends[0]].isin(keys)
        & decisions[ends[1]].isin(keys),
        ends,
    ].to_numpy(dtype="int64")
    return np.searchsorted(keys, np.unique(apart.reshape(-1, 2), axis=0))


def _join_one_by_one(parts: np.ndarray, links, apart: np.ndarray) -> np.ndarray:
    """Join parts by links in their order, but for links that join a pair apart."""
    parent = np.arange(len(parts))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return int(node)

    foes = defaultdict(set)
    for one, other in parts[apart]:
        foes[int(one)].add(int(other))
        foes[int(other)].add(int(one))
    for left, right in links:
        one, other = sorted((root(parts[left]), root(parts[right])))
        if one == other or other in foes[one]:
            continue
        parent[other] = one
        for foe in foes.pop(other, ()):
            foes[foe].discard(other)
            foes[foe].add(one)
            foes[one].add(foe)
    return np.array([root(part) for part in parts], dtype="int64")
