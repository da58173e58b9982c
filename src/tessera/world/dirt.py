"""Plant dirty rows: copies of clean rows, made wrong and put at the end of the file."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.columns import plain
from tessera.world.dirt_kinds import (
    KEYS,
    KINDS,
    REDELIVERED,
    REDELIVERED_RATE,
    REQUIRED,
    Kind,
)


@dataclass
class Tail:
    """Rows that follow the clean ones of a file, with what is known of each.

    `records` holds, for rows that are dirty, a dict with at least `at` (position in
    the tail), `kind`, `rule` and `outcome`; `pair_day` and `pair_row` name the row
    that it repeats.
    """

    rows: list[dict] = field(default_factory=list)
    records: list[dict] = field(default_factory=list)

    def add(self, row: dict, record: dict | None = None) -> None:
        """Put a row at the end, and say what is wrong with it."""
        if record is not None:
            self.records.append({"at": len(self.rows), **record})
        self.rows.append(row)


@dataclass
class Sample:
    """Rows taken from a table at random: their positions, and luck for each."""

    kind: Kind
    at: np.ndarray
    luck: np.ndarray


def expected_count(rate: float, rows: int, luck: float) -> int:
    """Give how many rows to plant: the rate times the rows, rounded by luck.

    Examples
    --------
    >>> expected_count(0.001, 2500, 0.4), expected_count(0.001, 2500, 0.6)
    (3, 2)
    """
    return int(rate * rows + 1 - luck) if rows else 0


def samples(
    table: str,
    seed: int,
    part: tuple,
    rows: int,
    dirt: float,
    allowed: dict[str, np.ndarray] | None = None,
) -> list[Sample]:
    """Choose the rows that the kinds of a table are made from.

    Parameters
    ----------
    table : str
        Such as `shop.orders`.
    seed : int
    part : tuple of int
        Names the day and the chunk.
    rows : int
        Rows to choose from.
    dirt : float
        Factor on every rate.
    allowed : dict of str to ndarray of int, optional
        Positions that a kind may use, where not all; "" names those for all kinds.

    Returns
    -------
    list of Sample
        No position is used twice.
    """
    chosen, used = [], set()
    for kind in KINDS:
        if kind.table != table:
            continue
        key = mix.stream(seed, "dirt", table, kind.name, *part)
        luck = mix.uniform(key, 1)[0]
        count = expected_count(kind.rate * dirt, rows, luck)
        pool = (allowed or {}).get(kind.name, (allowed or {}).get(""))
        size = rows if pool is None else len(pool)
        if count == 0 or size == 0:
            continue
        draws = mix.uniform(key ^ 0xD1B54A32D192ED03, 3 * count)
        places = (draws * size).astype(np.int64)
        places = places if pool is None else pool[places]
        fresh = [at for at in dict.fromkeys(places.tolist()) if at not in used]
        fresh = np.array(fresh[:count], np.int64)
        used.update(fresh.tolist())
        lucks = mix.uniform(key ^ 0x2545F4914F6CDD1D, len(fresh))
        chosen.append(Sample(kind, fresh, lucks))
    return chosen


def plant(
    tail: Tail,
    table: pa.Table,
    chosen: list[Sample],
    day: int,
    date: dt.date,
    first_row: int = 1,
) -> None:
    """Add the dirty copies of the chosen rows to the tail of their file.

    Parameters
    ----------
    tail : Tail
    table : pyarrow.Table
        The clean rows.
    chosen : list of Sample
    day : int
        Load day of the clean rows.
    date : date
        Its date.
    first_row : int
        Row of the file where the clean rows begin.
    """
    for sample in chosen:
        kind = sample.kind
        rows = plain(table.take(pa.array(sample.at))).to_pylist()
        for row, at, luck in zip(rows, sample.at, sample.luck, strict=True):
            record = {
                "kind": kind.name,
                "rule": kind.rule,
                "outcome": kind.outcome,
                "column": kind.column,
                "position": int(at),
            }
            if kind.outcome == "duplicate":
                record |= {"pair_day": day, "pair_row": int(at) + first_row}
            if kind.new_key:
                _rename(kind.table, row, len(tail.rows))
            kind.change(row, float(luck))
            if kind.name == "required_null":
                wanted = REQUIRED[kind.table]
                record["column"] = wanted[int(luck * len(wanted))]
                row[record["column"]] = None
            elif kind.name == "event_in_future":
                _postpone(row, kind.column, date + dt.timedelta(2 + int(luck * 600)))
            elif kind.name == "unknown_order":
                row["order_id"] = f"{row['order_id']}Z"
            tail.add(row, record)


def _postpone(row: dict, column: str, date: dt.date) -> None:
    moment = row[column]
    if isinstance(moment, dt.datetime):
        date = dt.datetime.combine(date, moment.time())
    row[column] = date
    if column == "ordered_at":
        row["delivered_at"] = None


def _rename(table: str, row: dict, number: int) -> None:
    key = KEYS[table][-1] if table == "ads.performance_daily" else KEYS[table][0]
    row[key] = f"{row[key]}D{number}"


def redelivered(
    table: str, seed: int, day: int, rows: int, dirt: float, barred: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the rows of a load that come again, and how many days later.

    Returns
    -------
    at, days : ndarray of int64, shape (n,)
        Positions in the load and 1 to 3 days; none for a table that is never resent.
    """
    if table not in REDELIVERED:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    key = mix.stream(seed, "redelivered", table, day)
    count = expected_count(REDELIVERED_RATE * dirt, rows, mix.uniform(key, 1)[0])
    draws = mix.uniform(key ^ 0x9E3779B97F4A7C15, 3 * count)
    at = np.array(list(dict.fromkeys((draws * rows).astype(np.int64))), np.int64)
    at = np.sort(at[~np.isin(at, barred)][:count])
    return at, 1 + at % 3
