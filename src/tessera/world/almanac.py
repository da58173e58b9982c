"""The almanac: seasons, promotions, a step change and a spike on known days."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np

from tessera.world.segments import Segment

START = dt.date(2024, 1, 1)
EPOCH = dt.date(1970, 1, 1)
# First and last day, month and day, of each year's promotions.
PROMOTIONS = {
    "soldes_hiver": ((1, 10), (2, 6)),
    "french_days": ((5, 2), (5, 8)),
    "soldes_ete": ((6, 26), (7, 23)),
    "black_friday": ((11, 24), (11, 30)),
}
PROMOTION_FACTOR = 1.35
STEP_DAY, STEP_FACTOR = 45, 1.30
SPIKE_DAY, SPIKE_EVERY, SPIKE_FACTOR = 30, 182, 4.0
_MONTHS = (0.92, 0.88, 0.95, 1.0, 1.02, 1.0, 0.92, 0.82, 1.04, 1.02, 1.12, 1.30)


def promotion_on(date: dt.date) -> str | None:
    """Give the promotion that runs on a day, or none.

    Examples
    --------
    >>> promotion_on(dt.date(2025, 11, 28))
    'black_friday'
    """
    for name, (first, last) in PROMOTIONS.items():
        if first <= (date.month, date.day) <= last:
            return name
    return None


def is_spike(day: int) -> bool:
    """Say whether the visits of a day of the world are multiplied, for that day only.

    Examples
    --------
    >>> is_spike(30), is_spike(31)
    (True, False)
    """
    return day >= SPIKE_DAY and (day - SPIKE_DAY) % SPIKE_EVERY == 0


def season(date: dt.date) -> float:
    """Give the factor of the season on purchases, highest before Christmas.

    Examples
    --------
    >>> season(dt.date(2025, 12, 15)) > season(dt.date(2025, 8, 15))
    True
    """
    factor = _MONTHS[date.month - 1]
    if (date.month, date.day) >= (12, 5):
        factor *= 1.7 if date.day <= 24 else 0.7
    return factor


def factors(
    day: int, start: dt.date, segments: tuple[Segment, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Give the factors on orders and on visits of a day, by segment.

    Parameters
    ----------
    day : int
        Day of the world, from 0.
    start : date
        Day 0.
    segments : tuple of Segment

    Returns
    -------
    orders, visits : ndarray of float64, shape (segments,)
        Average near 1 over a year.
    """
    date = start + dt.timedelta(days=day)
    rows = np.array([segment.weekdays for segment in segments], dtype=np.float64)
    weekday = rows[:, date.weekday()] / rows.mean(axis=1)
    orders = weekday * season(date)
    visits = 0.5 * weekday + 0.5 * season(date)
    if promotion_on(date):
        lift = np.array([segment.promotion for segment in segments])
        orders = orders * lift * (PROMOTION_FACTOR / 1.35)
        visits = visits * (1 + (lift - 1) / 2)
    if day >= STEP_DAY:
        visits = visits * STEP_FACTOR
    if is_spike(day):
        visits = visits * SPIKE_FACTOR
    return orders, visits


def utc_offset_hours(date: dt.date) -> int:
    """Give how far Paris is ahead of UTC at noon of a day.

    Examples
    --------
    >>> utc_offset_hours(dt.date(2025, 1, 1)), utc_offset_hours(dt.date(2025, 7, 1))
    (1, 2)
    """
    noon = dt.datetime(
        date.year, date.month, date.day, 12, tzinfo=ZoneInfo("Europe/Paris")
    )
    return int(noon.utcoffset().total_seconds() // 3600)


def calendar_rows(days: int, start: dt.date) -> list[dict]:
    """List what is planted in the calendar of a world of so many days.

    Examples
    --------
    >>> [row["kind"] for row in calendar_rows(47, START)]
    ['promotion', 'spike', 'step_change']
    """
    rows = []
    previous = None
    for day in range(days):
        date = start + dt.timedelta(days=day)
        name = promotion_on(date)
        if name and name == previous:
            rows[-1]["last_on"] = date
        elif name:
            rows.append(_row("promotion", name, "orders", None, date))
        previous = name
    for day in range(days):
        date = start + dt.timedelta(days=day)
        if is_spike(day):
            rows.append(_row("spike", "one_day_spike", "visits", SPIKE_FACTOR, date))
        if day == STEP_DAY:
            last = start + dt.timedelta(days=days - 1)
            row = _row("step_change", "lasting_step", "visits", STEP_FACTOR, date)
            rows.append(row | {"last_on": last})
    return rows


def _row(kind: str, name: str, what: str, factor: float | None, date: dt.date) -> dict:
    return {
        "kind": kind,
        "name": name,
        "variable": what,
        "factor": factor,
        "first_on": date,
        "last_on": date,
    }
