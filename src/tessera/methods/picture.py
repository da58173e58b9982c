"""A flat picture of the sample, in which neighbours on all axes stay neighbours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.manifold import TSNE
from threadpoolctl import threadpool_limits

from tessera.methods._checks import finite_matrix
from tessera.methods._frames import typed_frame

PICTURE_TYPES = {"person_key": "int64", "across": "float64", "up": "float64"}

# t-SNE wants more persons than neighbours looked at, and at least a handful to lay out.
_FEWEST_PERSONS = 5


def draw_picture(
    points: np.ndarray,
    person_keys: ArrayLike,
    *,
    person_limit: int = 1_500,
    perplexity: float = 30.0,
    random_state: int,
) -> pd.DataFrame:
    """Lay persons out on a plane by t-SNE.

    For looking at only: distances between groups mean nothing, nothing is fitted on
    the picture.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Persons on the axes of the model, sorted by `person_key`; finite.
    person_keys : array-like of shape (n_persons,)
        Unique 64-bit keys.
    person_limit : int, default 1_500
        Most persons drawn, at least 1; more are thinned out evenly.
    perplexity : float, default 30
        About how many neighbours each person should keep; less with few persons.
    random_state : int
        Seed of the gradient steps.

    Returns
    -------
    DataFrame of shape (n_drawn, 3)
        `person_key`, `across` and `up`, without unit. Fewer than 5 persons, no
        dimension, or persons all alike give no rows.

    Raises
    ------
    ValueError
        If a point is null or infinite, lengths differ or the limit is below 1.

    Notes
    -----
    Deterministic on one machine: it starts from the principal components and runs on
    one thread.

    References
    ----------
    van der Maaten, L. and Hinton, G. (2008). Visualizing data using t-SNE. JMLR 9,
    2579-2605.

    Examples
    --------
    >>> draw_picture(np.zeros((9, 2)), range(9), random_state=0).empty
    True
    """
    points = finite_matrix(points, "points")
    keys = np.asarray(person_keys, dtype="int64")
    if keys.shape != (len(points),):
        raise ValueError(
            f"person_keys should hold one key per person ({len(points)}), "
            f"found shape {keys.shape}."
        )
    if person_limit < 1:
        raise ValueError(f"person_limit should be >= 1, found {person_limit}.")
    if len(points) > person_limit:
        drawn = np.linspace(0, len(points) - 1, person_limit).round().astype("int64")
        points, keys = points[drawn], keys[drawn]
    is_flat = not points.shape[1] or bool((points == points[:1]).all())
    if len(points) < _FEWEST_PERSONS or is_flat:
        return typed_frame([], PICTURE_TYPES)

    if points.shape[1] == 1:
        points = np.column_stack([points, np.zeros(len(points))])
    method = TSNE(
        perplexity=min(perplexity, (len(points) - 1) / 3),
        init="pca",
        learning_rate="auto",
        max_iter=500,
        random_state=random_state,
        n_jobs=1,
    )
    with threadpool_limits(limits=1):
        plane = method.fit_transform(points).astype("float64")
    return pd.DataFrame(
        {"person_key": keys, "across": plane[:, 0], "up": plane[:, 1]}
    ).astype(PICTURE_TYPES)
