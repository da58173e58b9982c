"""Whether a new model parts tonight's persons as well as the one that scores them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from tessera.methods._frames import typed_frame
from tessera.methods.agreement import sampled_rows
from tessera.methods.indices import row_silhouettes

COMPARISON_TYPES = {
    "former_silhouette": "float64",
    "silhouette": "float64",
    "silhouette_difference": "float64",
    "standard_error": "float64",
}


def compare_models(
    points: np.ndarray,
    former_numbers: np.ndarray,
    numbers: np.ndarray,
    *,
    sample_size_limit: int = 4_000,
    random_state: int,
) -> pd.DataFrame:
    """Measure two ways of parting the same persons, side by side.

    Both are measured on the same persons, on the same axes and by the same figure, so
    that their difference has an error of its own, much smaller than either's.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons as the new model scales their features, before any axis is dropped;
        finite.
    former_numbers, numbers : ndarray of shape (n_persons,)
        Segment of each person by the former model and by the new one, from 1.
    sample_size_limit : int, default 4_000
        Most persons looked at.
    random_state : int
        Seed of their draw.

    Returns
    -------
    DataFrame of shape (1, 4)
        `former_silhouette` and `silhouette`, means in -1..1, 0 with one segment;
        `silhouette_difference`, new less former; `standard_error` of the difference. No
        rows without persons.

    Raises
    ------
    ValueError
        If a value is null or infinite, or lengths differ.

    Notes
    -----
    Deterministic; persons are drawn by position, so pass them sorted by `person_key`.

    Examples
    --------
    >>> points = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> apart, mixed = np.array([1, 1, 2, 2]), np.array([1, 2, 1, 2])
    >>> compared = compare_models(points, apart, mixed, random_state=0)
    >>> compared["silhouette_difference"].round(2).tolist()
    [-1.35]
    """
    if not len(points):
        return typed_frame([], COMPARISON_TYPES)
    rows = sampled_rows(len(points), sample_size_limit, random_state)
    former, new = row_silhouettes(
        points[rows], [former_numbers[rows] - 1, numbers[rows] - 1]
    )
    difference = new - former
    return typed_frame(
        [
            {
                "former_silhouette": former.mean(),
                "silhouette": new.mean(),
                "silhouette_difference": difference.mean(),
                "standard_error": difference.std() / math.sqrt(len(rows)),
            }
        ],
        COMPARISON_TYPES,
    )
