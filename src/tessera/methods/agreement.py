"""Where partitions made in different ways say the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial import cKDTree

from tessera.methods.partitions import Partition, part_by_density

# Settings of HDBSCAN, as (neighbours that smooth the density, least cluster), whose
# agreement is looked for: half of them smooth little, half as much as they ask for.
DENSITY_SETTINGS = (
    *((5, size) for size in (7, 10, 14, 20, 28, 40, 56, 80)),
    *((size, size) for size in (5, 7, 10, 12, 15, 20, 25, 35, 50, 70, 100)),
)

_LARGEST_CLUSTER_SHARE = 0.2
_ROW_LIMIT = 1_500
_DIMENSION_NEIGHBOURS = 12


def agreement_matrix(partitions: Sequence[np.ndarray]) -> np.ndarray:
    """Compute the adjusted Rand index of every pair of partitions.

    Parameters
    ----------
    partitions : sequence of ndarray of shape (n_persons,)
        Segment numbers from 0 of the same persons.

    Returns
    -------
    ndarray of shape (n_partitions, n_partitions), float64
        Symmetric, at most 1; about 0 for partitions that know nothing of each other,
        and 0 for one that parts nobody.

    References
    ----------
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification
    2, 193-218.

    Examples
    --------
    >>> agreement_matrix([np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])])
    array([[1., 1.],
           [1., 1.]])
    """
    if not len(partitions) or not len(partitions[0]):
        return np.zeros((len(partitions), len(partitions)))
    person_count = len(partitions[0])
    starts = np.cumsum([0, *(int(numbers.max()) + 1 for numbers in partitions)])
    members = np.zeros((person_count, starts[-1]), dtype="float32")
    for start, numbers in zip(starts[:-1], partitions, strict=True):
        members[np.arange(person_count), start + numbers] = 1
    shared = (members.T @ members).astype("float64")
    pairs = shared * (shared - 1) / 2
    together = np.add.reduceat(
        np.add.reduceat(pairs, starts[:-1], axis=0), starts[:-1], axis=1
    )
    own = np.diag(together)
    expected = np.outer(own, own) / max(person_count * (person_count - 1) / 2, 1)
    highest = (own[:, None] + own[None, :]) / 2
    is_parted = np.diff(starts) > 1
    spread = highest - expected
    return np.divide(
        together - expected,
        spread,
        out=np.zeros_like(together),
        where=(np.abs(spread) > 1e-12) & np.outer(is_parted, is_parted),
    )


def intrinsic_dimension(
    points: np.ndarray, *, neighbour_count: int = _DIMENSION_NEIGHBOURS
) -> float:
    """Estimate in how many directions persons really differ.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite; repeated persons count once.
    neighbour_count : int, default 12
        Neighbours looked at, at least 3.

    Returns
    -------
    float
        Between 0 and n_dimensions; n_dimensions with too few persons to tell.

    References
    ----------
    Levina, E. and Bickel, P. (2005). Maximum likelihood estimation of intrinsic
    dimension. NIPS 17; with the average of MacKay and Ghahramani (2005).

    Examples
    --------
    >>> line = np.linspace(0, 1, 200)[:, None] * [[1.0, 2.0, 3.0]]
    >>> intrinsic_dimension(line) < 1.5
    True
    """
    distinct = np.unique(points, axis=0)
    if len(distinct) <= neighbour_count or not points.shape[1]:
        return float(points.shape[1])
    distances = cKDTree(distinct).query(distinct, k=neighbour_count + 1)[0][:, 1:]
    distances = np.maximum(distances, 1e-12 * distances.max())
    logarithms = np.log(distances[:, -1:] / distances[:, :-1]).mean(axis=1)
    logarithms = logarithms[logarithms > 0]
    if not len(logarithms):
        return float(points.shape[1])
    shrinkage = (neighbour_count - 2) / (neighbour_count - 1)
    return float(min(shrinkage / logarithms.mean(), points.shape[1]))


def agreed_density_partition(
    points: np.ndarray, *, minimum_segment_share: float, random_state: int
) -> tuple[Partition, float]:
    """Find the density partition that most settings of HDBSCAN come back to.

    HDBSCAN has no setting that suits every shape. A partition that is really there is
    found by many settings; one that is noise changes with each.

    Parameters
    ----------
    points : ndarray of shape (n_persons, n_dimensions)
        Finite.
    minimum_segment_share : float
        Share of persons, in 0..1, below which a cluster is noise.
    random_state : int
        Seed of the at most 1,500 persons on whom partitions are compared.

    Returns
    -------
    partition : Partition
        Of all settings whose clusters may hold up to a fifth of the persons, the one
        with the highest sum of adjusted Rand indices with the others, each times
        its coverage; the first on a tie. One segment when no setting finds two.
    agreement : float
        Its mean adjusted Rand index over all settings, itself included, those that
        find one segment counting 0; in -1..1.

    Notes
    -----
    Deterministic.

    Examples
    --------
    >>> points = np.repeat([[0.0], [9.0]], 40, axis=0) + np.linspace(0, 1, 80)[:, None]
    >>> partition, agreement = agreed_density_partition(
    ...     points, minimum_segment_share=0.02, random_state=0
    ... )
    >>> partition.segment_count, round(agreement, 2)
    (2, 1.0)
    """
    nothing = Partition("hdbscan", np.zeros(len(points), dtype="int64"), 0.0)
    partitions = [
        part_by_density(
            points,
            minimum_samples=samples,
            minimum_cluster_size=size,
            minimum_segment_share=minimum_segment_share,
        )
        for samples, size in DENSITY_SETTINGS
        if size <= _LARGEST_CLUSTER_SHARE * len(points)
    ]
    parted = [one for one in partitions if one.segment_count > 1]
    if not parted:
        return nothing, 0.0
    rows = sampled_rows(len(points), _ROW_LIMIT, random_state)
    matrix = agreement_matrix([one.numbers[rows] for one in parted])
    support = matrix @ np.array([one.coverage for one in parted])
    best = int(np.argmax(support.round(9)))
    return parted[best], float(matrix[best].sum() / len(partitions))


def sampled_rows(row_count: int, limit: int, random_state: int) -> np.ndarray:
    """Draw at most `limit` row numbers, ascending; all when there are no more.

    Examples
    --------
    >>> sampled_rows(3, 5, 0).tolist(), len(sampled_rows(9, 5, 0))
    ([0, 1, 2], 5)
    """
    if row_count <= limit:
        return np.arange(row_count)
    drawn = np.random.default_rng(random_state).choice(
        row_count, size=limit, replace=False
    )
    return np.sort(drawn)
