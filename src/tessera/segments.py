"""The segments of tonight, as the command line lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.warehouse import open_warehouse


@dataclass(frozen=True)
class Segment:
    """One row of ``marts.dim_segments``.

    Parameters
    ----------
    segmentation, key, name : str
        Way of dividing, the segment's key and its name.
    person_count : int
        Persons in it.
    person_share : float
        Share of all persons, 0..1.
    revenue_share : float or None
        Share of all revenue, 0..1; None where it is not known.
    stability : float or None
        How surely another sample would draw the same, 0..1; None for segments by rule.
    """

    segmentation: str
    key: str
    name: str
    person_count: int
    person_share: float
    revenue_share: float | None
    stability: float | None


def read_segments(warehouse: Path) -> list[Segment]:
    """Read the segments of a warehouse, largest revenue first.

    Parameters
    ----------
    warehouse : Path
        The DuckDB file that ``dbt build`` made; opened read-only.

    Returns
    -------
    list of Segment
        By segmentation; empty while nothing was built from data.

    Raises
    ------
    TesseraError
        If there is no such file, it is in use, or it has no segments table.
    """
    try:
        with open_warehouse(warehouse) as connection:
            rows = connection.execute(
                """
                select
                    segmentation, segment_key, segment_name, person_count,
                    person_share, revenue_share, stability
                from marts.dim_segments
                order by segmentation, revenue_share desc, segment_key
                """
            ).fetchall()
    except duckdb.CatalogException:
        raise TesseraError(
            f"{warehouse}: marts.dim_segments is missing: run `dbt build`."
        ) from None
    return [Segment(*row) for row in rows]
