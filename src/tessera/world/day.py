"""What the tables of one load day share: the clock, chance and late arrivals."""

import datetime as dt
from dataclasses import dataclass, field

import numpy as np

from tessera.world import mix
from tessera.world.almanac import factors, utc_offset_hours
from tessera.world.columns import DAY_MICROSECONDS
from tessera.world.persons import Persons
from tessera.world.segments import Segment

LATE_SHARE = 0.015
MOST_DAYS_LATE = 6
QUARTER_MICROSECONDS = 900_000_000


@dataclass
class Day:
    """One load day of the world."""

    persons: Persons
    segments: tuple[Segment, ...]
    number: int
    hours: np.ndarray
    order_factors: np.ndarray = field(init=False)
    visit_factors: np.ndarray = field(init=False)
    offset_hours: int = field(init=False)

    def __post_init__(self):
        start = self.persons.start
        self.order_factors, self.visit_factors = factors(
            self.number, start, self.segments
        )
        self.offset_hours = utc_offset_hours(self.date)

    @property
    def date(self) -> dt.date:
        """Date of the load."""
        return self.persons.start + dt.timedelta(days=self.number)

    @property
    def since_epoch(self) -> int:
        """Days from 1970 to the load."""
        return self.date.toordinal() - 719_163

    def draw(self, name: str, size: int) -> np.ndarray:
        """Give uniform numbers of the day from a named stream."""
        return mix.uniform(
            mix.stream(self.persons.seed, "day", name, self.number), size
        )

    def number_from(self, size: int) -> np.ndarray:
        """Give numbers that no other day gives, for the keys of a table's rows."""
        return (self.number + 1) * 100_000_000 + np.arange(size, dtype=np.int64)

    def moments(self, name: str, segment: np.ndarray) -> np.ndarray:
        """Give when each act took place, UTC, at the hours its segment prefers.

        One in 66 reached the lake late, by one to six days; none happened before
        the world began.

        Returns
        -------
        ndarray of int64, shape (n,)
            Microseconds since 1970.
        """
        size = len(segment)
        quarter = mix.pick(self.hours, segment, self.draw(f"{name}_hour", size))
        inside = self.draw(f"{name}_second", size) * QUARTER_MICROSECONDS
        late = self.draw(f"{name}_late", size) / LATE_SHARE
        days_late = np.where(late < 1, 1 + late * MOST_DAYS_LATE, 0).astype(np.int64)
        days_late = np.minimum(days_late, min(self.number, MOST_DAYS_LATE))
        local = quarter * np.int64(QUARTER_MICROSECONDS) + inside.astype(np.int64)
        shift = self.offset_hours * 3_600_000_000
        return (self.since_epoch - days_late) * DAY_MICROSECONDS + local - shift

    def trait(self, name: str, segment: np.ndarray) -> np.ndarray:
        """Give the figure of each one's segment, such as `web_share`."""
        return np.array([getattr(one, name) for one in self.segments])[segment]
