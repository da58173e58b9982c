"""The most typical person of a segment."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tessera.methods._checks import finite_matrix, require_columns, require_unique
from tessera.methods._frames import typed_frame

MEDOID_TYPES = {"segment_key": "str", "person_key": "int64", "distance": "float64"}


def medoids(
    points: np.ndarray,
    person_keys: ArrayLike,
    memberships: pd.DataFrame,
    segment_keys: Collection[str],
) -> pd.DataFrame:
    """Find in each segment the person nearest to the segment's mean.

    Among squared distances that person is the medoid proper: the one whose distances
    to all others of the segment have the smallest sum.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons in the space in which they were clustered.
    person_keys : array-like of shape (n_persons,)
        Whose row is whose.
    memberships : DataFrame of shape (n_memberships, 2)
        `person_key` and `segment_key`; those of persons without a point do not count.
    segment_keys : collection of str
        Segments that are looked at.

    Returns
    -------
    DataFrame of shape (n_found, 3)
        `segment_key`, ascending; `person_key`; `distance`, without unit. A segment
        without points has no row, and without dimensions there are none: then nobody
        is nearer than another.

    Raises
    ------
    ValueError
        If a point is null or infinite, or a person repeated or without a point.

    Notes
    -----
    Deterministic: of persons equally near (to nine decimals) the smallest key. The mean
    is taken in the order of the keys, so the order of rows decides nothing.

    Examples
    --------
    >>> members = pd.DataFrame({"person_key": [1, 2, 3], "segment_key": ["a"] * 3})
    >>> found = medoids(np.array([[0.0], [1.0], [5.0]]), [1, 2, 3], members, ["a"])
    >>> found["person_key"].item()
    2
    """
    points = finite_matrix(points, "points")
    require_columns(memberships, ["person_key", "segment_key"], "memberships")
    keys = pd.Series(np.asarray(person_keys), dtype="int64")
    require_unique(keys, "person_keys")
    if len(keys) != len(points):
        raise ValueError(
            f"person_keys should have {len(points)} entries, found {len(keys)}."
        )
    rows = []
    if points.shape[1]:
        looked_at = memberships[memberships["segment_key"].isin(list(segment_keys))]
        places = looked_at.merge(
            pd.DataFrame({"person_key": keys, "place": np.arange(len(keys))})
        ).sort_values("person_key", kind="stable")
        for segment_key, members in places.groupby("segment_key", sort=True):
            inside = points[members["place"].to_numpy()]
            distances = np.linalg.norm(inside - inside.mean(axis=0), axis=1).round(9)
            nearest = int(distances.argmin())
            rows.append(
                {
                    "segment_key": segment_key,
                    "person_key": int(members["person_key"].iloc[nearest]),
                    "distance": float(distances[nearest]),
                }
            )
    return typed_frame(rows, MEDOID_TYPES)
