"""Generate a planted world, load day by load day, straight into a lake."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tessera.world.ads import ad_tables
from tessera.world.almanac import START
from tessera.world.campaigns import load_campaigns
from tessera.world.crm_load import load_crm
from tessera.world.day import MOST_DAYS_LATE, Day
from tessera.world.load import Carried, Load, in_chunks
from tessera.world.mailings import mail_events
from tessera.world.settings import EVENTS_PER_PERSON_DAY, Settings, World
from tessera.world.shop_load import load_shop
from tessera.world.social import (
    PLATFORMS,
    engagement_rows,
    has_profile,
    profile_rows,
)
from tessera.world.surveys import response_rows
from tessera.world.truth_tables import write_truth
from tessera.world.web import web_events
from tessera.world.writing import Background

# Days before the first one written that still leave rows for it.
WARM_UP_DAYS = MOST_DAYS_LATE + 1


@dataclass(frozen=True)
class WorldSummary:
    """What was written: rows by table, and dirty rows by kind and table."""

    rows: dict[str, int]
    dirty_rows: int
    lake: Path
    truth: Path

    @property
    def event_count(self) -> int:
        """Rows of the event tables of web, email, social and ads."""
        names = ("web.events", "email.events", "social.engagements", "ads.events")
        return sum(self.rows.get(name, 0) for name in names)


def generate_world(
    *,
    persons: int,
    days: int,
    seed: int,
    out: Path,
    truth: Path | None = None,
    start: dt.date = START,
    events_per_person_day: float = EVENTS_PER_PERSON_DAY,
    dirt: float = 1.0,
    planted: bool = True,
    first_day: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> WorldSummary:
    """Write a world with known truth: a French retailer and its sources.

    Parameters
    ----------
    persons : int
        People who exist at some time; 85 in 100 from the beginning.
    days : int
        Load days, from day 0. A longer world holds the shorter one unchanged.
    seed : int
        Equal seeds and parameters give equal rows, whatever the machine.
    out : Path
        Root of the lake. Files of the same name are replaced.
    truth : Path, optional
        Where the truth goes; by default the folder `truth` beside the lake.
    start : date
        Date of day 0.
    events_per_person_day : float
        Rows of web, email, social and ads events per person and day; orders follow in
        proportion. The default gives 20 in two years; a short world wants more.
    dirt : float
        Factor on the rate of every kind of dirty row; 0 gives a clean world.
    planted : bool
        When false, all buyers behave alike: there is no segment to be found.
    first_day : int
        First load day to write, so that a night can be added to a world that exists.
        The truth is always written for the whole world, its dirty rows by load day.
    progress : callable, optional
        Called with the number of days done and to do after each day.

    Returns
    -------
    WorldSummary
        Counts what this call wrote.

    Raises
    ------
    ValueError
        If `persons` or `days` is below 1, or `first_day` is not in the world.
    """
    if persons < 1 or days < 1:
        raise ValueError(f"persons and days must be at least 1: {persons}, {days}")
    if not 0 <= first_day < days:
        raise ValueError(f"first_day must be in 0..{days - 1}: {first_day}")
    out = Path(out)
    settings = Settings(
        persons=persons,
        days=days,
        seed=seed,
        lake=out,
        truth=Path(truth) if truth is not None else out.parent / "truth",
        start=start,
        events_per_person_day=events_per_person_day,
        dirt=dirt,
        planted=planted,
    )
    world = World(settings)
    carried = Carried()
    counts: Counter = Counter()
    dirty_rows = 0
    copies: list[tuple[str, int]] = []
    with Background() as background:
        for number in range(max(0, first_day - WARM_UP_DAYS), days):
            writes = number >= first_day
            day = Day(world.persons, world.segments, number, world.hours)
            load = Load(world, day, carried, background, writes)
            _load_day(load)
            if not writes:
                continue
            background.run(load.truth.write, settings.truth)
            counts.update(load.counts)
            copies += load.truth.copies
            dirty_rows += sum(table.num_rows for table in load.truth.tables)
            if progress is not None:
                progress(number - first_day + 1, days - first_day)
    write_truth(world, copies)
    return WorldSummary(dict(counts), dirty_rows, settings.lake, settings.truth)


def _load_day(load: Load) -> None:
    world, day = load.world, load.day
    streams, number = world.arrivals, day.number
    load_crm(load)
    basket = load_shop(load, streams["orders"].on(number, day.order_factors))
    load_campaigns(load, basket)
    visits = streams["visits"].on(number, day.visit_factors)
    web = web_events(day, visits, basket, world.choice, world.devices, world.origins)
    load.emit("web.events", [web])
    mailed = streams["mailings"].on(number)
    load.emit("email.events", [mail_events(day, mailed, world.devices)])
    _load_social(load, streams["reactions"].on(number))
    seen = streams["impressions"].on(number)
    events, performance = ad_tables(day, seen, basket, world.devices)
    load.emit("ads.events", [events])
    load.emit("ads.performance_daily", [performance])
    answering = streams["answers"].on(number)
    answers = response_rows(day, answering)
    scored = np.flatnonzero(answers["scale_maximum"].is_valid().to_numpy())
    load.emit("survey.responses", [answers], allowed={"answer_out_of_scale": scored})


def _load_social(load: Load, reacting: np.ndarray) -> None:
    world, number = load.world, load.day.number
    persons = world.persons
    arrived = np.maximum(persons.join_day, 0) == number
    new = np.flatnonzero(arrived & (persons.erasure_day > number))

    def chunks():
        for platform in range(len(PLATFORMS)):
            who = new[has_profile(persons, new, platform)]
            yield from in_chunks(
                who,
                lambda part, at=platform: profile_rows(persons, part, at, number),
            )

    load.emit("social.profiles", chunks())
    load.emit("social.engagements", [engagement_rows(load.day, reacting, world.topics)])
