"""Which segment of a new model is which of the former: keys that survive a refit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from tessera.methods._checks import finite_matrix, require_columns
from tessera.methods._frames import typed_frame

OVERLAP_TYPES = {
    "former_segment_number": "int64",
    "segment_number": "int64",
    "shared_count": "int64",
    "former_count": "int64",
    "person_count": "int64",
    "jaccard": "float64",
    "distance": "float64",
}
KEY_TYPES = {
    "segment_number": "int64",
    "segment_key": "str",
    "former_segment_key": "str",
    "jaccard": "float64",
}

_KEY_LENGTH = 8
# Distances are weighed so lightly that no difference of a person is outweighed.
_DISTANCE_WEIGHT = 1e-9


def segment_overlaps(
    points: np.ndarray, former_numbers: np.ndarray, numbers: np.ndarray
) -> pd.DataFrame:
    """Count the persons that each former segment shares with each new one.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on the axes of the new model; finite.
    former_numbers, numbers : ndarray of shape (n_persons,)
        Segment of each person by the former model and by the new one, from 1.

    Returns
    -------
    DataFrame of shape (n_former * n_new, 7)
        One row per pair of segments that hold somebody: `former_segment_number` and
        `segment_number`; `shared_count`, `former_count` and `person_count`, persons in
        both, in the former and in the new one; `jaccard`, shared over those in either,
        0..1; `distance` between the means of the two, in the unit of `points`. No
        persons give no rows.

    Raises
    ------
    ValueError
        If a value is null or infinite, or lengths differ.

    Notes
    -----
    Deterministic; rows are ordered by both numbers.

    Examples
    --------
    >>> points = np.array([[0.0], [0.0], [4.0]])
    >>> overlaps = segment_overlaps(points, np.array([1, 1, 1]), np.array([1, 1, 2]))
    >>> overlaps[["segment_number", "shared_count", "jaccard"]].round(2).values.tolist()
    [[1.0, 2.0, 0.67], [2.0, 1.0, 0.33]]
    """
    points = finite_matrix(points, "points")
    if not len(points) == len(former_numbers) == len(numbers):
        raise ValueError(
            f"points and numbers should have equal lengths, found {len(points)}, "
            f"{len(former_numbers)} and {len(numbers)}."
        )
    former, former_places = np.unique(former_numbers, return_inverse=True)
    new, places = np.unique(numbers, return_inverse=True)
    shared = np.zeros((len(former), len(new)), dtype="int64")
    np.add.at(shared, (former_places, places), 1)
    former_counts, counts = shared.sum(axis=1), shared.sum(axis=0)
    distances = np.linalg.norm(
        _means(points, former_places, former_counts)[:, None]
        - _means(points, places, counts)[None, :],
        axis=2,
    )
    rows, columns = np.indices(shared.shape).reshape(2, -1)
    found = shared[rows, columns]
    return pd.DataFrame(
        {
            "former_segment_number": former[rows],
            "segment_number": new[columns],
            "shared_count": found,
            "former_count": former_counts[rows],
            "person_count": counts[columns],
            "jaccard": found / (former_counts[rows] + counts[columns] - found),
            "distance": distances[rows, columns],
        }
    ).astype(OVERLAP_TYPES)


def match_segments(
    overlaps: pd.DataFrame,
    former_keys: Mapping[int, str],
    segment_numbers: list[int],
    *,
    prefix: str,
    founder: str,
    minimum_jaccard: float = 0.3,
) -> pd.DataFrame:
    """Give the segments of a new model the keys of those they continue.

    Pairs are matched one to one so that the sum of their Jaccard similarities is
    largest; where sums are equal, so that the segments lie nearer. A segment without a
    match of at least `minimum_jaccard` is new and gets a key of its own.

    Parameters
    ----------
    overlaps : DataFrame of shape (n_pairs, 7)
        As `segment_overlaps` gives them; no rows where there was no former model.
    former_keys : mapping of int to str
        Key of each segment of the former model.
    segment_numbers : list of int
        Numbers of the new model's segments.
    prefix : str
        What new keys begin with.
    founder : str
        Name of the new model, which new keys are made of.
    minimum_jaccard : float, default 0.3
        Least similarity, 0..1, at which a segment is the same.

    Returns
    -------
    DataFrame of shape (n_segments, 4)
        One row per segment, in the order of `segment_numbers`: `segment_number`;
        `segment_key`, no two alike; `former_segment_key`, the same where it was kept,
        else null; `jaccard` of the match, null without.

    Raises
    ------
    ValueError
        If a column is missing or a former segment has no key.

    Notes
    -----
    Deterministic: a new key is a mark of `founder` and the number, so that building
    everything again from the same data gives the same keys.

    References
    ----------
    Kuhn, H. (1955). The Hungarian method for the assignment problem. Naval Research
    Logistics 2, 83-97.

    Examples
    --------
    >>> points = np.array([[0.0], [0.0], [4.0], [4.0]])
    >>> former, new = np.array([1, 1, 2, 2]), np.array([2, 2, 1, 1])
    >>> overlaps = segment_overlaps(points, former, new)
    >>> keys = match_segments(
    ...     overlaps, {1: "a", 2: "b"}, [1, 2], prefix="s-", founder="second"
    ... )
    >>> keys["segment_key"].tolist()
    ['b', 'a']
    """
    require_columns(overlaps, list(OVERLAP_TYPES), "overlaps")
    unknown = set(overlaps["former_segment_number"]) - set(former_keys)
    if unknown:
        raise ValueError(f"former segments {sorted(unknown)} should have a key.")

    kept = _best_pairs(overlaps, minimum_jaccard)
    taken = set(former_keys.values())
    rows = []
    for number in segment_numbers:
        former, jaccard = kept.get(number, (None, None))
        key = former_keys.get(former) or _new_key(prefix, founder, number, taken)
        taken.add(key)
        rows.append(
            {
                "segment_number": number,
                "segment_key": key,
                "former_segment_key": former_keys.get(former),
                "jaccard": jaccard,
            }
        )
    return typed_frame(rows, KEY_TYPES)


def _best_pairs(
    overlaps: pd.DataFrame, minimum_jaccard: float
) -> dict[int, tuple[int, float]]:
    """Return, per new segment that has one, its former segment and the Jaccard."""
    if overlaps.empty:
        return {}
    similar = overlaps.pivot(
        index="former_segment_number", columns="segment_number", values="jaccard"
    )
    far = overlaps.pivot(
        index="former_segment_number", columns="segment_number", values="distance"
    ).to_numpy()
    weight = _DISTANCE_WEIGHT / max(far.max(), 1.0)
    rows, columns = linear_sum_assignment(weight * far - similar.to_numpy())
    return {
        int(similar.columns[column]): (
            int(similar.index[row]),
            float(similar.iat[row, column]),
        )
        for row, column in zip(rows, columns, strict=True)
        if similar.iat[row, column] >= minimum_jaccard
    }


def _means(points: np.ndarray, places: np.ndarray, counts: np.ndarray) -> np.ndarray:
    totals = np.zeros((len(counts), points.shape[1]))
    np.add.at(totals, places, points)
    return totals / np.maximum(counts, 1)[:, None]


def _new_key(prefix: str, founder: str, number: int, taken: set[str]) -> str:
    """Return a key that nobody has; a taken one, however unlikely, is marked again."""
    mark = f"{founder}:{number}"
    while True:
        mark = hashlib.md5(mark.encode(), usedforsecurity=False).hexdigest()
        if (key := prefix + mark[:_KEY_LENGTH]) not in taken:
            return key
