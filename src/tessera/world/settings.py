"""The settings of a world, and everything about it that does not change by day."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from tessera.world import mix
from tessera.world.almanac import START
from tessera.world.arrivals import Arrivals
from tessera.world.catalogue import product_prices
from tessera.world.consents import Consents
from tessera.world.contacts import Contacts, make_contacts
from tessera.world.orders import Choice
from tessera.world.persons import Persons, make_persons
from tessera.world.segments import Segment, behaviours, category_weights, hour_table
from tessera.world.social import topic_table
from tessera.world.web import (
    EVENTS_PER_PURCHASE,
    EVENTS_PER_VISIT,
    TRACKED_SHARE,
    device_table,
    origin_table,
)

EVENTS_PER_PERSON_DAY = 20 / 730
ANSWERS_YEARLY = 0.06
# Rows in the lake for each planned act, once people who are not there, have no
# address or no account are taken off (measured on a world of two years).
ROWS_PER_VISIT, ROWS_PER_MAILING = 1.19 * EVENTS_PER_VISIT, 1.45
ROWS_PER_REACTION, ROWS_PER_IMPRESSION = 0.45, 0.86
SHARE_OF_TIME_PRESENT = 0.83


@dataclass(frozen=True)
class Settings:
    """What a world is made from; two equal settings give two equal worlds."""

    persons: int
    days: int
    seed: int
    lake: Path
    truth: Path
    start: dt.date = START
    events_per_person_day: float = EVENTS_PER_PERSON_DAY
    dirt: float = 1.0
    planted: bool = True


@dataclass
class World:
    """The people of a world and how often they act."""

    settings: Settings
    segments: tuple[Segment, ...] = field(init=False)
    persons: Persons = field(init=False)

    def __post_init__(self):
        settings = self.settings
        self.segments = behaviours(settings.planted)
        self.persons = make_persons(
            settings.persons, settings.seed, settings.start, self.segments
        )

    @cached_property
    def contacts(self) -> Contacts:
        """The CRM's contacts."""
        return make_contacts(self.persons)

    @cached_property
    def consents(self) -> Consents:
        """The schedule of consents and erasures."""
        return Consents(self.contacts)

    @cached_property
    def choice(self) -> Choice:
        """What each segment buys and looks at."""
        tiers = np.array([one.tiers for one in self.segments], float)
        return Choice(
            mix.lookup_table(category_weights(self.segments)),
            mix.lookup_table(tiers),
            product_prices(self.settings.seed),
        )

    @cached_property
    def hours(self) -> np.ndarray:
        """Table of the hours each segment prefers."""
        return hour_table(self.segments)

    @cached_property
    def devices(self) -> np.ndarray:
        """Table of the devices each segment uses."""
        return device_table(self.segments)

    @cached_property
    def origins(self) -> np.ndarray:
        """Table of where the visits of each segment come from."""
        return origin_table(self.segments)

    @cached_property
    def topics(self) -> np.ndarray:
        """Table of the topics each segment reacts to."""
        return topic_table(self.segments)

    def _rates(self, name: str) -> np.ndarray:
        return np.array([getattr(one, name) for one in self.segments])

    @cached_property
    def arrivals(self) -> dict[str, Arrivals]:
        """The streams of acts, scaled to the wanted number of events."""
        wanted = self.settings.events_per_person_day
        busy = wanted / EVENTS_PER_PERSON_DAY
        people = self.persons
        orders = Arrivals(people, "orders", self._rates("orders") * busy)
        web_orders = Arrivals(
            people,
            "web_orders",
            self._rates("orders") * self._rates("web_share") * busy,
        )
        bought = web_orders.yearly() * SHARE_OF_TIME_PRESENT
        bought *= TRACKED_SHARE * EVENTS_PER_PURCHASE
        plain = {
            name: Arrivals(people, name, self._rates(name)).yearly()
            for name in ("visits", "mailings", "reactions", "impressions")
        }
        others = (
            plain["visits"] * ROWS_PER_VISIT
            + plain["mailings"] * ROWS_PER_MAILING
            + plain["reactions"] * ROWS_PER_REACTION
            + plain["impressions"] * ROWS_PER_IMPRESSION
        )
        target = wanted * 365 * len(people) - bought
        scale = max(target / max(others, 1e-9), 0.1 * busy)
        # What remains once a person has left: mails still go out, ads still show.
        remains = {
            "visits": 0.05,
            "mailings": 1.0,
            "reactions": 0.05,
            "impressions": 0.5,
        }
        streams = {
            name: Arrivals(people, name, self._rates(name) * scale, after)
            for name, after in remains.items()
        }
        answers = np.array([1.0] * 6 + [0.3]) * ANSWERS_YEARLY * busy
        return {
            "orders": orders,
            **streams,
            "answers": Arrivals(people, "answers", answers),
        }
