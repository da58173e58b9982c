"""Write the tables of a load day as Parquet, each row with where it came from."""

import datetime as dt
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tessera.world.columns import constant

ROW_GROUP = 122_880


def file_name(table: str, date: dt.date) -> str:
    """Give the name of the file of a table and load day.

    Examples
    --------
    >>> file_name("web.events", dt.date(2024, 1, 2))
    'web_events_20240102.parquet'
    """
    return f"{table.replace('.', '_')}_{date:%Y%m%d}.parquet"


class Background:
    """One thread that writes while the next rows are made; tasks keep their order."""

    def __init__(self, most_waiting: int = 12):
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._waiting: deque[Future] = deque()
        self._most = most_waiting

    def run(self, task: Callable, *arguments, **options) -> None:
        """Do a task later; wait when too many are waiting, and raise what failed."""
        self._waiting.append(self._pool.submit(task, *arguments, **options))
        while len(self._waiting) > self._most:
            self._waiting.popleft().result()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            while self._waiting:
                self._waiting.popleft().result()
        finally:
            self._pool.shutdown()


class DayFile:
    """The file of one table and load day, written chunk by chunk.

    Parameters
    ----------
    background : Background
        Where the writing is done.
    lake : Path or None
        Root of the lake; None counts rows and writes nothing.
    table : str
        Such as `web.events`.
    date : date
        Load day.
    """

    def __init__(
        self, background: Background, lake: Path | None, table: str, date: dt.date
    ):
        self._background = background
        self.name = file_name(table, date)
        self.rows = 0
        self._writer = None
        self._path = None
        if lake is not None:
            source, entity = table.split(".")
            folder = lake / source / entity / f"loaded_on={date:%Y-%m-%d}"
            self._path = folder / self.name

    def write(self, rows: pa.Table) -> None:
        """Write rows after those already written; nothing when there are none."""
        first, self.rows = self.rows, self.rows + rows.num_rows
        if self._path is not None and rows.num_rows > 0:
            self._background.run(self._write, rows, first)

    def _write(self, rows: pa.Table, first: int) -> None:
        numbers = np.arange(first + 1, first + 1 + rows.num_rows, dtype=np.int64)
        rows = rows.append_column("source_file", constant(self.name, rows.num_rows))
        rows = rows.append_column("source_row", pa.array(numbers))
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(
                self._path,
                rows.schema,
                compression="zstd",
                compression_level=1,
                store_decimal_as_integer=True,
                write_statistics=True,
            )
        self._writer.write_table(rows, row_group_size=ROW_GROUP)

    def close(self) -> None:
        """Finish the file."""
        if self._path is not None and self.rows > 0:
            self._background.run(self._close)

    def _close(self) -> None:
        self._writer.close()


def as_rows(rows: list[dict], schema: pa.Schema) -> pa.Table:
    """Give rows as a table of the given schema, text coded where it codes text.

    Examples
    --------
    >>> as_rows([{"a": "x"}], pa.schema([("a", pa.string())])).to_pylist()
    [{'a': 'x'}]
    """
    columns = []
    for field in schema:
        values = [row[field.name] for row in rows]
        if pa.types.is_dictionary(field.type):
            columns.append(pa.array(values, pa.string()).dictionary_encode())
        else:
            columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)
