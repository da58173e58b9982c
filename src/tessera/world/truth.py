"""The truth about a world, written apart from the lake."""

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tessera.world.columns import constant
from tessera.world.dirt import Tail
from tessera.world.dirt_kinds import KEYS
from tessera.world.writing import file_name

SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("table_name", pa.string()),
        ("natural_key", pa.string()),
        ("kind", pa.string()),
        ("expected_rule", pa.string()),
        ("outcome", pa.string()),
        ("column_name", pa.string()),
        ("source_file", pa.string()),
        ("source_row", pa.int64()),
        ("pair_source_file", pa.string()),
        ("pair_source_row", pa.int64()),
        ("loaded_on", pa.date32()),
    ]
)


class DirtyRows:
    """What is known of the dirty rows of one load day.

    Parameters
    ----------
    start : date
        Day 0 of the world.
    day : int
        The load day.
    """

    def __init__(self, start: dt.date, day: int):
        self.start = start
        self.date = start + dt.timedelta(days=day)
        self.tables: list[pa.Table] = []
        self.copies: list[tuple[str, int]] = []

    def add_tail(self, table: str, tail: Tail, first_row: int) -> None:
        """Take down the records of a tail that begins at a row of the day's file."""
        rows = []
        for record in tail.records:
            row = tail.rows[record["at"]]
            keys = [row[name] for name in KEYS[table]]
            rows.append(
                {
                    "natural_key": _natural_key(keys),
                    "kind": record["kind"],
                    "expected_rule": record["rule"],
                    "outcome": record["outcome"],
                    "column_name": record.get("column"),
                    "source_row": record["at"] + first_row,
                    "pair_source_file": self._file(table, record.get("pair_day")),
                    "pair_source_row": record.get("pair_row"),
                }
            )
        self._add(table, rows)

    def add_rows(self, table: str, records: list[dict]) -> None:
        """Take down records of rows of the day's file, by `source_row`."""
        self._add(table, records)

    def add_superseded(
        self,
        table: str,
        keys: pa.Array,
        old_days: np.ndarray,
        old_rows: np.ndarray,
        new_rows: np.ndarray,
    ) -> None:
        """Take down earlier rows that rows of this load replace."""
        size = len(keys)
        if size == 0:
            return
        days, codes = np.unique(old_days, return_inverse=True)
        names = pa.array([self._file(table, int(one)) for one in days], pa.string())
        source, entity = table.split(".")
        columns = {
            "source": constant(source, size),
            "table_name": constant(entity, size),
            "natural_key": keys,
            "kind": constant("superseded", size),
            "expected_rule": constant("superseded", size),
            "outcome": constant("duplicate", size),
            "column_name": pa.nulls(size, pa.string()),
            "source_file": names.take(pa.array(codes)),
            "source_row": pa.array(old_rows, pa.int64()),
            "pair_source_file": constant(file_name(table, self.date), size),
            "pair_source_row": pa.array(new_rows, pa.int64()),
            "loaded_on": pa.array([self.date] * size, pa.date32()),
        }
        self.tables.append(pa.table(columns).cast(SCHEMA))

    def write(self, folder: Path) -> None:
        """Write the records of the day as one file of `truth/dirty_rows`."""
        folder = folder / "dirty_rows"
        folder.mkdir(parents=True, exist_ok=True)
        rows = pa.concat_tables([SCHEMA.empty_table(), *self.tables])
        pq.write_table(rows, folder / f"{self.date:%Y%m%d}.parquet", compression="zstd")

    def _file(self, table: str, day: int | None) -> str | None:
        if day is None:
            return None
        return file_name(table, self.start + dt.timedelta(days=day))

    def _add(self, table: str, rows: list[dict]) -> None:
        if not rows:
            return
        source, entity = table.split(".")
        common = {
            "source": source,
            "table_name": entity,
            "source_file": file_name(table, self.date),
            "pair_source_file": None,
            "pair_source_row": None,
            "loaded_on": self.date,
        }
        filled = [common | row for row in rows]
        self.tables.append(pa.Table.from_pylist(filled, SCHEMA))


def _natural_key(keys: list) -> str | None:
    if any(key is None for key in keys):
        return None
    return "|".join(str(key) for key in keys)
