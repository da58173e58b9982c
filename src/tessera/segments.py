"""The segments of tonight, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb

from tessera.errors import TesseraError
from tessera.warehouse import open_warehouse


@dataclass(frozen=True)
class Segment:
    """One row of ``marts.dim_segments``.

    Parameters
    ----------
    segmentation, name : str
        Way of dividing, and the segment's name.
    person_count : int
        Persons in it.
    person_share, revenue_share : float
        Shares of all persons and of all revenue, 0..1.
    """

    segmentation: str
    name: str
    person_count: int
    person_share: float
    revenue_share: float


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
                    segmentation, segment_name, person_count, person_share,
                    revenue_share
                from marts.dim_segments
                order by segmentation, revenue_share desc, segment_key
                """
            ).fetchall()
    except duckdb.CatalogException:
        raise TesseraError(
            f"{warehouse}: marts.dim_segments is missing: run `dbt build`."
        ) from None
    return [Segment(*row) for row in rows]


def format_segments(segments: Sequence[Segment]) -> str:
    """Lay out segments in columns, a block per segmentation.

    Parameters
    ----------
    segments : sequence of Segment
        Sorted by segmentation.

    Returns
    -------
    str
        Lines without a final line break; a sentence when there are no segments.

    Examples
    --------
    >>> print(format_segments([Segment("rfm", "Champions", 1250, 0.25, 0.6)]))
    rfm        persons  % persons  % revenue
    Champions    1,250       25.0       60.0
    """
    if not segments:
        return "No segments: the lake holds no person yet."
    width = max(len(segment.name) for segment in segments)
    blocks = []
    for segmentation, members in groupby(
        segments, lambda segment: segment.segmentation
    ):
        lines = [f"{segmentation:<{width}}  persons  % persons  % revenue"]
        lines += [
            f"{segment.name:<{width}}  {segment.person_count:>7,}"
            f"  {100 * segment.person_share:>9.1f}  {100 * segment.revenue_share:>9.1f}"
            for segment in members
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
