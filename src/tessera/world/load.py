"""One load day: make its tables, plant what is dirty, write it all down."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from tessera.world import dirt
from tessera.world.columns import plain
from tessera.world.day import Day
from tessera.world.settings import World
from tessera.world.truth import DirtyRows
from tessera.world.writing import Background, DayFile, as_rows

CHUNK = 200_000


@dataclass
class Carried:
    """What loads to come will hold because of loads past, by table and day."""

    rows: dict = field(default_factory=lambda: defaultdict(list))
    versions: dict = field(default_factory=lambda: defaultdict(list))


class Load:
    """Write the tables of one load day.

    Parameters
    ----------
    world : World
    day : Day
    carried : Carried
        What earlier days left for this one; this day adds to it.
    background : Background
        Where files are written.
    writes : bool
        False to only bring `carried` up to date.
    """

    def __init__(
        self,
        world: World,
        day: Day,
        carried: Carried,
        background: Background,
        writes: bool = True,
    ):
        self.world, self.day, self.carried = world, day, carried
        self.background, self.writes = background, writes
        self.truth = DirtyRows(world.settings.start, day.number)
        self.counts: dict[str, int] = {}

    def emit(
        self,
        table: str,
        chunks: Iterable[pa.Table],
        tail: dirt.Tail | None = None,
        allowed: dict[str, np.ndarray] | None = None,
        barred: np.ndarray | None = None,
        spoil=None,
    ) -> None:
        """Write a table: clean rows, later versions, then dirty and resent rows.

        Parameters
        ----------
        table : str
            Such as `web.events`.
        chunks : iterable of pyarrow.Table
            The clean rows.
        tail : Tail, optional
            Dirty rows already made; else they are planted here.
        allowed : dict, optional
            As for `dirt.samples`.
        barred : ndarray of int64, optional
            Rows that must not be resent, because a later version of them follows.
        spoil : callable, optional
            Spoils values of a chunk in place; see `crm`.
        """
        settings, number = self.world.settings, self.day.number
        lake = settings.lake if self.writes else None
        file = DayFile(self.background, lake, table, self.day.date)
        planted = tail is None
        tail = tail or dirt.Tail()
        schema = None
        for part, chunk in enumerate(chunks):
            schema, rows = chunk.schema, chunk.num_rows
            first_row = file.rows + 1
            here = allowed
            if spoil is not None:
                chunk, clean = spoil(chunk, first_row)
                here = {"": clean}
            file.write(chunk)
            if planted:
                chosen = dirt.samples(
                    table, settings.seed, (number, part), rows, settings.dirt, here
                )
                dirt.plant(tail, chunk, chosen, number, self.day.date, first_row)
            self._resend(table, chunk, first_row, barred)
        self._write_versions(table, file)
        for row, record in self.carried.rows.pop((table, number), []):
            tail.add(row, record)
        if tail.rows and schema is not None:
            self.truth.add_tail(table, tail, file.rows + 1)
            file.write(as_rows(tail.rows, schema))
        file.close()
        self.counts[table] = file.rows
        self.tail = tail

    def _resend(self, table, chunk, first_row, barred) -> None:
        settings, number = self.world.settings, self.day.number
        nothing = np.zeros(0, np.int64)
        at, days = dirt.redelivered(
            table,
            settings.seed,
            number,
            chunk.num_rows,
            settings.dirt,
            nothing if barred is None else barred,
        )
        rows = plain(chunk.take(pa.array(at))).to_pylist()
        for row, place, later in zip(rows, at, days, strict=True):
            record = {
                "kind": "redelivered",
                "rule": "redelivered",
                "outcome": "duplicate",
                "pair_day": number,
                "pair_row": int(place) + first_row,
            }
            self.carried.rows[table, number + int(later)].append((row, record))

    def carry_versions(self, table: str, versions: pa.Table) -> None:
        """Keep later versions of rows of this load for the days they come on.

        `versions` has the columns of the table, then `_days` and `_row`.
        """
        days = versions["_days"].to_numpy()
        rows = versions.drop_columns(["_days"])
        for later in np.unique(days):
            chosen = rows.filter(pa.array(days == later))
            old = (self.day.number, chosen)
            self.carried.versions[table, self.day.number + int(later)].append(old)

    def _write_versions(self, table: str, file: DayFile) -> None:
        number = self.day.number
        for old_day, rows in self.carried.versions.pop((table, number), []):
            first = file.rows + 1
            keys = rows[rows.column_names[0]].combine_chunks()
            self.truth.add_superseded(
                table,
                keys,
                np.full(rows.num_rows, old_day),
                rows["_row"].to_numpy(),
                np.arange(first, first + rows.num_rows),
            )
            file.write(rows.drop_columns(["_row"]))


def in_chunks(positions: np.ndarray, make) -> Iterator[pa.Table]:
    """Make a table piece by piece, so that memory stays bounded."""
    starts = range(0, max(len(positions), 1), CHUNK)
    for start, stop in itertools.zip_longest(starts, starts[1:], fillvalue=None):
        yield make(positions[start:stop])
