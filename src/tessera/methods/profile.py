"""What sets the persons of a segment apart from everyone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tessera.methods.mixture import nearest_centroid


def segment_profile(
    matrix: np.ndarray,
    points: np.ndarray,
    centroids: ArrayLike,
    feature_names: Sequence[str],
) -> pd.DataFrame:
    """Compare the mean of each segment with the mean of everyone.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Output of `tessera.methods.scaling.transform_features`.
    points : ndarray of shape (n_persons, n_dimensions)
        The same persons on the axes of the centroids.
    centroids : array-like of shape (n_segments, n_dimensions)
        In the order of the segments' numbers.
    feature_names : sequence of str
        Name of each column of `matrix`.

    Returns
    -------
    DataFrame of shape (n_segments, 1 + n_features)
        `segment_number`, from 1, and per feature the mean of the segment less the
        mean of everyone, in standard deviations; 0 for a segment without persons and
        for a feature without spread. No segments give no rows.

    Raises
    ------
    ValueError
        If `matrix`, `points` or `feature_names` differ in length.

    Notes
    -----
    Deterministic. A person belongs to the nearest centroid, as in SQL.

    Examples
    --------
    >>> matrix = np.array([[0.0], [0.0], [2.0], [2.0]])
    >>> segment_profile(matrix, matrix, [[0.0], [2.0]], ["visits"])
       segment_number  visits
    0               1    -1.0
    1               2     1.0
    """
    numbers = nearest_centroid(points, centroids) if len(points) else np.empty(0)
    return group_profile(matrix, numbers, len(centroids), feature_names)


def group_profile(
    matrix: np.ndarray,
    numbers: ArrayLike,
    group_count: int,
    feature_names: Sequence[str],
) -> pd.DataFrame:
    """Compare the mean of each group of persons with the mean of everyone.

    Parameters
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Output of `tessera.methods.scaling.transform_features`.
    numbers : array-like of shape (n_persons,)
        Group of each person, from 1.
    group_count : int
        Groups there are.
    feature_names : sequence of str
        Name of each column of `matrix`.

    Returns
    -------
    DataFrame of shape (n_groups, 1 + n_features)
        As of `segment_profile`.

    Raises
    ------
    ValueError
        If `matrix`, `numbers` or `feature_names` differ in length.

    Notes
    -----
    Deterministic.

    Examples
    --------
    >>> matrix = np.array([[0.0], [0.0], [2.0], [2.0]])
    >>> group_profile(matrix, [2, 2, 1, 1], 2, ["visits"])
       segment_number  visits
    0               1     1.0
    1               2    -1.0
    """
    names = list(feature_names)
    numbers = np.asarray(numbers)
    if matrix.shape != (len(numbers), len(names)):
        raise ValueError(
            f"matrix should have shape {(len(numbers), len(names))}, "
            f"found {matrix.shape}."
        )
    profile = np.zeros((group_count, len(names)))
    if len(matrix):
        deviations = matrix.std(axis=0)
        spread = np.where(deviations > 0, deviations, 1.0)
        for position in range(group_count):
            members = matrix[numbers == position + 1]
            if len(members):
                difference = members.mean(axis=0) - matrix.mean(axis=0)
                profile[position] = np.where(deviations > 0, difference / spread, 0.0)
    return pd.DataFrame(profile, columns=names).assign(
        segment_number=np.arange(1, group_count + 1, dtype="int64")
    )[["segment_number", *names]]
