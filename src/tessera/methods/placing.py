"""Persons on the axes of a model, with their segment: the whole way of scoring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tessera.methods._checks import require_columns
from tessera.methods.components import project
from tessera.methods.mixture import nearest_centroid
from tessera.methods.scaling import transform_features


@dataclass(frozen=True)
class Placed:
    """Persons as a model sees them.

    Attributes
    ----------
    matrix : ndarray of shape (n_persons, n_features)
        Features scaled by the model.
    points : ndarray of shape (n_persons, n_components)
        Persons on its axes.
    numbers : ndarray of shape (n_persons,), int64
        Segment of each, from 1.
    """

    matrix: np.ndarray
    points: np.ndarray
    numbers: np.ndarray

    def without_persons(self) -> Placed:
        """Return the same of nobody."""
        return Placed(self.matrix[:0], self.points[:0], self.numbers[:0])


def place_persons(
    sample: pd.DataFrame,
    scaling: pd.DataFrame,
    components: pd.DataFrame,
    segments: pd.DataFrame,
) -> Placed:
    """Score persons with a model that may be older than their features.

    Parameters
    ----------
    sample : DataFrame of shape (n_persons, n_columns)
        Features in raw units, and the columns that groups stand in. A feature that the
        model uses and the sample no longer has counts as missing in everybody.
    scaling, components : DataFrame
        As `tessera.methods.scaling.fit_scaling` and
        `tessera.methods.components.fit_components` give them, in the order of features.
    segments : DataFrame of shape (n_segments, n_columns)
        `coordinates`, in the order of the segments' numbers.

    Returns
    -------
    Placed
        In the order of `sample`. A model without segments places nobody.

    Raises
    ------
    ValueError
        If a column is missing, or a feature is not numeric.

    Notes
    -----
    Deterministic; each row depends on itself alone.
    """
    require_columns(segments, ["coordinates"], "segments")
    if segments.empty:
        return Placed(np.empty((0, 0)), np.empty((0, 0)), np.empty(0, dtype="int64"))
    used = scaling.loc[scaling["is_used"], "feature"]
    gone = [feature for feature in used if feature not in sample]
    matrix = transform_features(sample.assign(**dict.fromkeys(gone, np.nan)), scaling)
    points = project(matrix, components)
    numbers = nearest_centroid(points, segments["coordinates"].tolist())
    return Placed(matrix, points, numbers)
