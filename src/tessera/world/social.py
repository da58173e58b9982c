"""Followers on the social platforms and their reactions."""

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.catalogue import DEPARTMENTS
from tessera.world.columns import DAY_MICROSECONDS, coded, joined, numbered, times
from tessera.world.day import Day
from tessera.world.identifiers import emails, fold
from tessera.world.names import FIRST_NAMES, LAST_NAMES
from tessera.world.persons import Persons
from tessera.world.places import POSTCODE_TOWN, REGIONS, TOWN_REGION
from tessera.world.segments import Segment
from tessera.world.spelling import fill
from tessera.world.vocabulary import COUNTRY_SPELLINGS, country_codes

PLATFORMS = ["instagram", "facebook", "tiktok"]
BIASED_PLATFORM = 2
BIAS_FACTOR = 4.0
ENGAGEMENTS = ["like", "comment", "share", "follow"]
TOPICS = [
    "mode_femme", "mode_homme", "famille", "maison_deco", "beaute", "sport",
    "geek_manga", "gastronomie",
]  # fmt: skip
assert len(TOPICS) == len(DEPARTMENTS)
_KINDS = mix.lookup_table([[80, 8, 7, 5]])
_FIRST = pa.array([fold(name) for name in FIRST_NAMES])
_LAST = pa.array([fold(name) for name in LAST_NAMES])


def topic_table(segments: tuple[Segment, ...]) -> np.ndarray:
    """Give the table that draws the topic a segment reacts to."""
    rows = np.array([one.departments for one in segments], float)
    return mix.lookup_table(rows / rows.sum(axis=1, keepdims=True) + 0.02)


def has_profile(persons: Persons, who: np.ndarray, platform: int) -> np.ndarray:
    """Say who has an account known to us on a platform; TikTok's are biased."""
    age = (persons.start.toordinal() - 719_163 - persons.birth_day[who]) / 365.25
    if platform == 0:
        share = np.where(age < 35, 0.45, 0.2)
    elif platform == 1:
        share = np.where(age < 35, 0.15, 0.32)
    else:
        share = np.where(persons.is_over_represented(who), 0.06 * BIAS_FACTOR, 0.06)
    return persons.draw(f"profile_{PLATFORMS[platform]}", who) < share


def profile_ids(persons: Persons, who: np.ndarray, platform: np.ndarray) -> pa.Array:
    """Give the platform's number of each account."""
    salt = mix.stream(persons.seed, "profile_id")
    return numbered("U", mix.scramble(4 * who + platform, salt))


def profile_rows(
    persons: Persons, who: np.ndarray, platform: int, day: int
) -> pa.Table:
    """Give the rows of `social.profiles` of people on one platform."""

    def draw(name: str) -> np.ndarray:
        return persons.draw(f"{name}_{PLATFORMS[platform]}", who)

    size = len(who)
    code = np.full(size, platform)
    first = pa.array(persons.first_name[who])
    last = pa.array(persons.last_name[who])
    style = draw("handle")
    number = mix.scramble(
        who, mix.stream(persons.seed, "handle", platform), len(persons)
    )
    handle = joined(
        _FIRST.take(first),
        coded((style * 3).astype(int), ["_", ".", ""]).cast(pa.string()),
        _LAST.take(last),
        pa.array(number).cast(pa.string()),
    )
    shown = joined(
        pa.array(FIRST_NAMES).take(first), " ", pa.array(LAST_NAMES).take(last)
    )
    shown = fill(shown, style > 0.8, None)
    town = POSTCODE_TOWN[persons.postcode_on(who, day)]
    hour = 25_200 + (style * 43_200).astype(np.int64)
    epoch = persons.start.toordinal() - 719_163
    seen = (persons.join_day[who].astype(np.int64) + epoch) * DAY_MICROSECONDS
    return pa.table(
        {
            "profile_id": profile_ids(persons, who, code),
            "platform": coded(code, PLATFORMS),
            "handle": handle,
            "display_name": shown,
            "email": fill(emails(persons, who), draw("social_mail") > 0.15, None),
            "country_code": coded(
                country_codes(town, 0.72 * draw("social_country")), COUNTRY_SPELLINGS
            ),
            "region": coded(TOWN_REGION[town], REGIONS, draw("social_region") < 0.5),
            "first_seen_at": times(seen + hour * 1_000_000),
        }
    )


def engagement_rows(day: Day, who: np.ndarray, topics: np.ndarray) -> pa.Table:
    """Give the rows of `social.engagements` of a day.

    Parameters
    ----------
    day : Day
    who : ndarray of int64, shape (n,)
        Who would react; those without an account on the drawn platform do not.
    topics : ndarray
        From `topic_table`.

    Returns
    -------
    pyarrow.Table
    """
    persons = day.persons
    has = np.stack([has_profile(persons, who, at) for at in range(len(PLATFORMS))])
    some = has.any(axis=0)
    who, has = who[some], has[:, some]
    size = len(who)
    # The n-th of the person's own accounts, drawn evenly.
    nth = (day.draw("social_platform", size) * has.sum(axis=0)).astype(np.int64)
    platform = ((np.cumsum(has, axis=0) - 1 == nth) & has).argmax(axis=0)
    segment = persons.segment_on(who, day.number)
    topic = mix.pick(topics, segment, day.draw("social_topic", size))
    kind = mix.pick(_KINDS, 0, day.draw("social_kind", size))
    post = 100 * (day.number // 3) + topic.astype(np.int64) * 3 + platform
    return pa.table(
        {
            "engagement_id": numbered("g", day.number_from(size)),
            "engaged_at": times(day.moments("social", segment)),
            "platform": coded(platform, PLATFORMS),
            "profile_id": profile_ids(persons, who, platform),
            "engagement_type": coded(kind, ENGAGEMENTS),
            "post_id": numbered("post", post, kind == 3),
            "topic": coded(topic, TOPICS, kind == 3),
        }
    )
