"""The people: who they are, where they live, and on which day their life changes."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from tessera.world import mix
from tessera.world.almanac import EPOCH
from tessera.world.names import FEMALE_NAMES, LAST_NAMES, MALE_NAMES, zipf_weights
from tessera.world.places import POSTCODE_TOWN, POSTCODE_WEIGHTS, REGIONS, TOWN_REGION
from tessera.world.segments import PROSPECT_CODE, Segment, category_weights

NEVER = 2**30
BUYER_SHARE = 0.75
PRESENT_SHARE = 0.85
HOUSEMATE_SHARE = 0.42
YEARLY = {"drift": 0.06, "move": 0.06, "marriage": 0.03, "erasure": 0.012, "mail": 0.07}
FEMALE, MALE, OTHER = 0, 1, 2


@dataclass
class Persons:
    """Columns of the people, one value a person; days count from day 0.

    A day is `NEVER` when the thing does not happen, negative when it was before the
    world begins.
    """

    seed: int
    start: dt.date
    segment: np.ndarray
    second_segment: np.ndarray
    drift_day: np.ndarray
    sex: np.ndarray
    birth_day: np.ndarray
    household: np.ndarray
    postcode: np.ndarray
    second_postcode: np.ndarray
    move_day: np.ndarray
    first_name: np.ndarray
    last_name: np.ndarray
    second_last_name: np.ndarray
    marriage_day: np.ndarray
    join_day: np.ndarray
    churn_day: np.ndarray
    erasure_day: np.ndarray
    unsubscribe_day: np.ndarray
    activity: np.ndarray
    favourite: np.ndarray

    def __len__(self) -> int:
        return len(self.segment)

    def draw(self, name: str, who: np.ndarray | int) -> np.ndarray:
        """Give a fixed uniform number for each person, by the name of the trait."""
        return mix.uniform(mix.stream(self.seed, "person", name), who)

    def segment_on(self, who: np.ndarray, day: int) -> np.ndarray:
        """Give the planted segment of each person on a day."""
        drifted = self.drift_day[who] <= day
        return np.where(drifted, self.second_segment[who], self.segment[who])

    def postcode_on(self, who: np.ndarray, day: int) -> np.ndarray:
        """Give the home of each person on a day, as a position in `POSTCODES`."""
        moved = self.move_day[who] <= day
        return np.where(moved, self.second_postcode[who], self.postcode[who])

    def region_on(self, who: np.ndarray, day: int) -> np.ndarray:
        """Give the region of each person on a day, as a position in `REGIONS`."""
        return TOWN_REGION[POSTCODE_TOWN[self.postcode_on(who, day)]]

    def is_over_represented(self, who: np.ndarray) -> np.ndarray:
        """Say who belongs to the group that the biased channel shows too often."""
        first = mix_day(self.start, -35)
        young = self.birth_day[who] > first
        paris = REGIONS.index("Île-de-France")
        here = TOWN_REGION[POSTCODE_TOWN[self.postcode[who]]] == paris
        return young & here & (self.sex[who] == FEMALE)


def mix_day(start: dt.date, years: int) -> int:
    """Give the day since 1970 that lies some years from a date.

    Examples
    --------
    >>> mix_day(dt.date(1971, 1, 1), -1)
    0
    """
    return (start - EPOCH).days + round(365.25 * years)


def make_persons(
    persons: int, seed: int, start: dt.date, segments: tuple[Segment, ...]
) -> Persons:
    """Make the people of a world.

    Parameters
    ----------
    persons : int
        How many.
    seed : int
        Seed of the world.
    start : date
        Day 0.
    segments : tuple of Segment
        As `segments.behaviours` gives them.

    Returns
    -------
    Persons
        Nothing in it depends on how many days the world lasts.
    """
    count = persons

    def draw(name: str) -> np.ndarray:
        return mix.uniform(mix.stream(seed, "made", name), count)

    def hazard(name: str, yearly: np.ndarray | float) -> np.ndarray:
        wait = -np.log1p(-draw(name)) / np.maximum(yearly, 1e-9) * 365.0
        return np.minimum(wait, NEVER).astype(np.int32)

    shares = mix.lookup_table([[segment.share for segment in segments[:-1]]])
    chosen = mix.pick(shares, 0, draw("segment"))
    buyer = draw("buyer") < BUYER_SHARE
    segment = np.where(buyer, chosen, PROSPECT_CODE).astype(np.int8)
    other = mix.pick(shares, 0, draw("second_segment"))
    other = np.where(other == segment, (other + 1) % 5, other).astype(np.int8)
    drift = np.where(buyer, hazard("drift", YEARLY["drift"]) + 10, NEVER)

    by_segment = np.array([one.age for one in segments])
    age = by_segment[segment, 0] + by_segment[segment, 1] * mix.normal(
        mix.stream(seed, "made", "age"), count
    )
    age = np.clip(np.abs(age - 16) + 16, 16, 96)
    birth = mix_day(start, 0) - (age * 365.25).astype(np.int32)
    female = np.array([one.female_share for one in segments])[segment]
    sex = np.where(draw("sex") < female, FEMALE, MALE).astype(np.int8)
    sex[draw("other_sex") < 0.004] = OTHER

    new_home = draw("housemate") >= HOUSEMATE_SHARE
    household = np.cumsum(new_home, dtype=np.int32)
    homes = mix.lookup_table([POSTCODE_WEIGHTS])
    by_home = mix.uniform(mix.stream(seed, "home", "postcode"), household)
    surnames = mix.lookup_table([zipf_weights(len(LAST_NAMES))])
    house_name = mix.uniform(mix.stream(seed, "home", "last_name"), household)
    own_name = np.where(draw("own_name") < 0.75, house_name, draw("last_name"))

    feminine = mix.lookup_table([zipf_weights(len(FEMALE_NAMES))])
    masculine = mix.lookup_table([zipf_weights(len(MALE_NAMES))])
    draws = draw("first_name")
    as_man = len(FEMALE_NAMES) + mix.pick(masculine, 0, draws)
    first = np.where(sex == MALE, as_man, mix.pick(feminine, 0, draws))

    present = draw("present") < PRESENT_SHARE
    before = -1 - (draw("before") ** 2 * 1825).astype(np.int32)
    join = np.where(present, before, hazard("join", 1.0)).astype(np.int32)
    arrived = np.maximum(join, 0)
    churn = np.array([one.churn for one in segments])[segment]
    marries = (sex == FEMALE) & (age > 23) & (age < 41)
    favourites = mix.lookup_table(category_weights(segments))

    def after(name: str, yearly: np.ndarray | float) -> np.ndarray:
        return np.minimum(arrived + hazard(name, yearly), NEVER).astype(np.int32)

    return Persons(
        seed=seed,
        start=start,
        segment=segment,
        second_segment=other,
        drift_day=drift.astype(np.int32),
        sex=sex,
        birth_day=birth.astype(np.int32),
        household=household,
        postcode=mix.pick(homes, 0, by_home),
        second_postcode=mix.pick(homes, 0, draw("second_postcode")),
        move_day=after("move", YEARLY["move"]),
        first_name=first.astype(np.int16),
        last_name=mix.pick(surnames, 0, own_name),
        second_last_name=mix.pick(surnames, 0, draw("second_last_name")),
        marriage_day=np.where(marries, after("marriage", YEARLY["marriage"]), NEVER),
        join_day=join,
        churn_day=after("churn", churn),
        erasure_day=after("erasure", YEARLY["erasure"]),
        unsubscribe_day=after("mail", YEARLY["mail"]),
        activity=np.exp(
            0.33 * mix.normal(mix.stream(seed, "made", "activity"), count) - 0.055
        ).astype(np.float32),
        favourite=mix.pick(favourites, segment, draw("favourite")).astype(np.int8),
    )
