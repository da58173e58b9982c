"""The CRM's contacts: who has one, how it is spelled, and when it changes."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.columns import (
    DAY_MICROSECONDS,
    coded,
    dates,
    joined,
    times,
)
from tessera.world.identifiers import (
    EMPTY_PHONE,
    STORE_EMAIL,
    TEST_EMAIL,
    contact_ids,
    customer_ids,
    emails,
    loyalty_card_ids,
    phones,
    spelled,
)
from tessera.world.names import FIRST_NAMES, LAST_NAMES, STREETS
from tessera.world.persons import NEVER, Persons
from tessera.world.places import PLACES, POSTCODE_TOWN, POSTCODES
from tessera.world.segments import PROSPECT_CODE
from tessera.world.spelling import fill, mistyped, restyled
from tessera.world.vocabulary import (
    COUNTRY_SPELLINGS,
    LANGUAGE_SPELLINGS,
    SEX_SPELLINGS,
    SEX_WORDS,
    country_codes,
)

SHARED_TILLS = 4
EMAILS_PER_TILL = 100  # some are shared, blank or junk: about ninety differ
STORE_EMAIL_SHARE = 0.004
TEST_EMAIL_SHARE = 0.0025
EMPTY_PHONE_SHARE = 0.002
TYPO_SHARE = np.array([0.01, 0.05])
_TONGUES = [0.6, 0.75, 0.87, 0.94, 0.97, 0.98, 0.99]
_BANDS = ["18-24", "25-34", "35-44", "45-54", "55-64", "65+"]
_TOWN_NAMES = [place.town for place in PLACES]
_REGION_NAMES = [place.region for place in PLACES]
# values and their weights; None is not known
_FIXED = {
    "marital_status": (["married", "single", "pacs", None], (4, 3, 1, 5)),
    "education": (["bac", "bac+2", "licence", "master", None], (3, 3, 2, 3, 8)),
    "employment": (["employee", "executive", "retired", None], (5, 2, 2, 7)),
    "income_band": (["<20k", "20-35k", "35-60k", "60k+", None], (3, 4, 3, 1, 8)),
    "household_size": (["1", "2", "3", "4", "5+", None], (3, 4, 2, 2, 1, 5)),
    "children_count": (["0", "1", "2", "3+", None], (5, 2, 2, 1, 6)),
    "home_ownership": (["owner", "renter", None], (5, 4, 6)),
}  # fmt: skip


@dataclass
class Contacts:
    """The contacts of the world and the schedule of their versions.

    `who` and `slot` name each contact (slot 0 the first, 1 a second one of the same
    person). A version is one row of the export: `version_contact` on `version_day`,
    in order of day; the row that it replaces is `previous_day`, `previous_row`.
    """

    persons: Persons
    who: np.ndarray
    slot: np.ndarray
    created_day: np.ndarray
    till: np.ndarray
    version_contact: np.ndarray
    version_day: np.ndarray
    version_row: np.ndarray
    previous_day: np.ndarray
    previous_row: np.ndarray

    def on(self, day: int) -> np.ndarray:
        """Give the positions of the versions that are loaded on a day."""
        first, last = np.searchsorted(self.version_day, [day, day + 1])
        return np.arange(first, last)


def has_contact(persons: Persons, who: np.ndarray) -> np.ndarray:
    """Say who is in the CRM at all."""
    buyer = persons.segment[who] != PROSPECT_CODE
    return persons.draw("contact", who) < np.where(buyer, 0.88, 0.5)


def has_second_account(persons: Persons, who: np.ndarray) -> np.ndarray:
    """Say who holds an old store card beside the account."""
    return persons.draw("second_account", who) < 0.08


def make_contacts(persons: Persons) -> Contacts:
    """Make the contacts of all people and the schedule of their versions."""
    people = np.arange(len(persons))
    first = people[has_contact(persons, people)]
    second = first[persons.draw("second_contact", first) < 0.10]
    who = np.concatenate([first, second])
    slot = np.repeat(np.array([0, 1], np.int8), [len(first), len(second)])
    joined_on = persons.join_day[who]
    wait = np.where(slot == 1, 5 + persons.draw("second_wait", who) * 300, 0)
    created = (joined_on + wait).astype(np.int32)

    till = np.full(len(who), -1, np.int8)
    known = np.flatnonzero((slot == 0) & (created < 0))
    size = min(EMAILS_PER_TILL, len(known) // (SHARED_TILLS * 12))
    at = mix.scramble(np.arange(SHARED_TILLS * size), 11, max(len(known), 3))
    at = at[at < len(known)]
    till[known[at]] = np.arange(len(at)) % SHARED_TILLS

    main = np.flatnonzero(slot == 0)
    contact, day = [np.arange(len(who))], [np.maximum(created, 0)]
    for changed in (persons.move_day[who[main]], persons.marriage_day[who[main]]):
        told = changed + 4
        gone = np.minimum(persons.erasure_day[who[main]], NEVER)
        keep = (changed < NEVER) & (told > day[0][main]) & (told < gone)
        contact.append(main[keep])
        day.append(told[keep].astype(np.int32))
    contact, day = np.concatenate(contact), np.concatenate(day)
    order = np.lexsort((contact, day))
    contact, day = contact[order], day[order]
    row = np.arange(len(day)) - np.searchsorted(day, day) + 1
    by_contact = np.lexsort((day, contact))
    same = contact[by_contact][1:] == contact[by_contact][:-1]
    previous_day = np.full(len(day), -1, np.int32)
    previous_row = np.full(len(day), -1, np.int64)
    previous_day[by_contact[1:][same]] = day[by_contact[:-1][same]]
    previous_row[by_contact[1:][same]] = row[by_contact[:-1][same]]
    return Contacts(
        persons, who, slot, created, till, contact, day, row, previous_day, previous_row
    )


def contact_rows(contacts: Contacts, versions: np.ndarray, day: int) -> pa.Table:
    """Give the rows of `crm.contacts` for some versions, as they stand on a day."""
    persons = contacts.persons
    at = contacts.version_contact[versions]
    who, slot = contacts.who[at].astype(np.int64), contacts.slot[at].astype(np.int64)

    def draw(name: str) -> np.ndarray:
        return mix.uniform(mix.stream(persons.seed, "contact", name), 4 * who + slot)

    # The second contact is old: it never heard of a move or a marriage.
    seen = np.where(slot == 0, day, -1)
    moved = persons.move_day[who] <= seen
    postcode = np.where(moved, persons.second_postcode[who], persons.postcode[who])
    town = POSTCODE_TOWN[postcode]
    married = persons.marriage_day[who] <= seen
    last = np.where(married, persons.second_last_name[who], persons.last_name[who])

    typo = draw("typo") < TYPO_SHARE[slot]
    style = draw("style")
    first_name = pa.array(FIRST_NAMES).take(pa.array(persons.first_name[who]))
    last_name = pa.array(LAST_NAMES).take(pa.array(last))
    where = draw("typo_where")
    first_name = mistyped(first_name, typo & (where < 0.4), draw("typo_at"))
    last_name = mistyped(last_name, typo & (where >= 0.4) & (where < 0.8), style)
    birth = persons.birth_day[who] + np.where(typo & (where > 0.93), 27, 0)
    no_birth = draw("birth_null") < 0.15

    codes = country_codes(town, draw("country"))
    sex_code = persons.sex[who]
    sex = SEX_SPELLINGS[sex_code, (draw("sex") * SEX_SPELLINGS.shape[1]).astype(int)]
    age = (persons.start.toordinal() - 719_163 - persons.birth_day[who]) / 365.25
    band = np.searchsorted([25, 35, 45, 55, 65], age, side="right")
    street = (draw("street_name") * len(STREETS)).astype(int)
    home = mix.uniform(
        mix.stream(persons.seed, "home", "street"), persons.household[who]
    )
    number = pa.array(1 + (home * 120).astype(np.int64)).cast(pa.string())
    street = np.where(moved, street, (home * 9973).astype(int) % len(STREETS))
    created = contacts.created_day[at].astype(np.int64)
    epoch = persons.start.toordinal() - 719_163
    second_of_day = (draw("second") * 43_200 + 25_200).astype(np.int64) * 1_000_000
    created_at = (created + epoch) * DAY_MICROSECONDS + second_of_day
    updated_at = (np.maximum(created, day) + epoch) * DAY_MICROSECONDS + second_of_day
    updated_at = np.where(day <= np.maximum(created, 0), created_at, updated_at)

    columns = {
        "contact_id": contact_ids(persons, who, slot),
        "customer_id": _customers(contacts, at, draw("customer")),
        "email": _emails(persons, who, slot, draw),
        "phone": _phones(persons, who, draw),
        "first_name": restyled(first_name, style),
        "last_name": restyled(last_name, style),
        "birth_date": dates(birth, no_birth),
        "postcode": pa.array(POSTCODES).take(pa.array(postcode)),
        "region": coded(town, _REGION_NAMES, draw("region_null") < 0.3),
        "country_code": coded(codes, COUNTRY_SPELLINGS),
        "sex": coded(sex, list(SEX_WORDS), (draw("sex_null") < 0.1)),
        "age_band": coded(band, _BANDS, draw("band_null") < 0.4),
    }
    for name, (values, weights) in _FIXED.items():
        code = mix.pick(mix.lookup_table([weights]), 0, draw(name))
        words = [value or "" for value in values]
        columns[name] = coded(code, words, code == len(values) - 1)
    card = draw("card") < 0.3
    tongue = np.searchsorted(_TONGUES, draw("tongue"), side="right")
    columns |= {
        "created_at": times(created_at),
        "updated_at": times(updated_at),
        "street_address": joined(
            number, ", ", pa.array(STREETS).take(pa.array(street))
        ),
        "city": restyled(pa.array(_TOWN_NAMES).take(pa.array(town)), draw("city")),
        "loyalty_card_id": loyalty_card_ids(persons, who, ~card | (slot > 0)),
        "language_code": coded(tongue, LANGUAGE_SPELLINGS, draw("tongue_null") < 0.3),
    }
    return pa.table(columns)


def _customers(contacts: Contacts, at: np.ndarray, draws: np.ndarray) -> pa.Array:
    persons, who = contacts.persons, contacts.who[at].astype(np.int64)
    slot = contacts.slot[at]
    second = has_second_account(persons, who)
    none = np.where(slot == 0, draws > 0.9, ~second)
    none |= persons.segment[who] == PROSPECT_CODE
    ids = customer_ids(persons, who, (slot > 0).astype(np.int64), none)
    till = contacts.till[at]
    shared = till >= 0
    if not shared.any():
        return ids
    return fill(ids, shared, [f"CTILL{one + 1:02d}" for one in till[shared]])


def _emails(persons: Persons, who: np.ndarray, slot: np.ndarray, draw) -> pa.Array:
    choice = draw("address")
    address = (slot == 1) & (choice < 0.55)
    text = emails(persons, who, address.astype(np.int64))
    wrong = draw("email_typo") < 0.006
    text = mistyped(text, wrong, draw("email_typo_at"))
    text = spelled(text, draw("email_style"))
    junk = draw("email_junk")
    text = fill(text, junk < STORE_EMAIL_SHARE, STORE_EMAIL)
    last = STORE_EMAIL_SHARE + TEST_EMAIL_SHARE
    text = fill(text, (junk >= STORE_EMAIL_SHARE) & (junk < last), TEST_EMAIL)
    missing = np.where(slot == 0, choice > 0.96, choice > 0.8)
    return fill(text, missing, None)


def _phones(persons: Persons, who: np.ndarray, draw) -> pa.Array:
    kind = draw("phone_kind")
    landline = (kind >= 0.62) & (kind < 0.76)
    number = np.where(landline, persons.household[who], who)
    text = phones(number, landline, draw("phone_style"))
    text = fill(text, kind >= 0.76, None)
    return fill(text, draw("phone_junk") < EMPTY_PHONE_SHARE, EMPTY_PHONE)
