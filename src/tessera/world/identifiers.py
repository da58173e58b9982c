"""Natural identifiers of the sources: numbers, e-mails, phones and their spellings."""

import hashlib
import unicodedata

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tessera.world import mix
from tessera.world.columns import coded, joined, numbered
from tessera.world.names import (
    FIRST_NAMES,
    LAST_NAMES,
    MAIL_PROVIDERS,
    MAIL_WEIGHTS,
)
from tessera.world.persons import Persons

STORE_EMAIL = "magasin.lyon@tessera-mode.fr"
TEST_EMAIL = "test@test.com"
EMPTY_PHONE = "0000000000"
# Slots of a person's devices: phone, desktop, tablet, phone after its cookie is reset.
DEVICE_SLOTS = 4
_MOBILE_PRIME = 99_999_989
_AREAS = ["14", "15", "23", "32", "38", "47", "49", "55", "56", "24"]
_PROVIDERS = mix.lookup_table([MAIL_WEIGHTS])


def fold(text: str) -> str:
    """Give a name as it is written in an e-mail address.

    Examples
    --------
    >>> fold("D'Angelo"), fold("Léa")
    ('dangelo', 'lea')
    """
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "".join(letter for letter in bare.lower() if letter.isalnum())


_FIRST = pa.array([fold(name) for name in FIRST_NAMES])
_LAST = pa.array([fold(name) for name in LAST_NAMES])
_INITIAL = pa.array([fold(name)[0] for name in FIRST_NAMES])


def customer_ids(persons: Persons, who: np.ndarray, card=0, null=None) -> pa.Array:
    """Give the shop's number of each person, of the account (0) or the old card (1)."""
    salt = mix.stream(persons.seed, "customer_id")
    return numbered("C", mix.scramble(2 * who + card, salt), null)


def loyalty_card_ids(persons: Persons, who: np.ndarray, null=None) -> pa.Array:
    """Give the number on the loyalty card of each person."""
    numbers = mix.scramble(who, mix.stream(persons.seed, "loyalty_card_id"))
    return numbered("29", 10_000_000_000 + numbers, null)


def contact_ids(persons: Persons, who: np.ndarray, slot: np.ndarray) -> pa.Array:
    """Give the CRM's number of each contact; a person has slots 0 to 3."""
    salt = mix.stream(persons.seed, "contact_id")
    return numbered("K", mix.scramble(4 * who + slot, salt))


def visitor_numbers(
    persons: Persons, who: np.ndarray, device: np.ndarray, day: int
) -> np.ndarray:
    """Give the position of the device that each person uses on a day.

    Devices of persons come first, four a person; then the tablets that one household
    in eight shares.
    """
    reset = (device == 0) & (persons.draw("cookie", who) < 0.2)
    reset &= persons.draw("cookie_day", who) * 400 < day
    own = who * DEVICE_SLOTS + np.where(reset, 3, device)
    house = persons.household[who].astype(np.int64)
    return np.where(
        (device == 2) & shares_tablet(persons, house),
        len(persons) * DEVICE_SLOTS + house,
        own,
    )


def shares_tablet(persons: Persons, household: np.ndarray) -> np.ndarray:
    """Say which households share one tablet."""
    return mix.uniform(mix.stream(persons.seed, "tablet"), household) < 0.125


def visitor_ids(persons: Persons, numbers: np.ndarray, null=None) -> pa.Array:
    """Give the cookie of each device position of `visitor_numbers`."""
    salt = mix.stream(persons.seed, "visitor_id")
    return numbered("GA1.", mix.scramble(numbers, salt), null)


def emails(persons: Persons, who: np.ndarray, address: np.ndarray | int = 0):
    """Give the e-mail address of each person in lower case, without decoration.

    Parameters
    ----------
    persons : Persons
    who : ndarray of int64, shape (n,)
    address : ndarray of int64, shape (n,), or int
        0 for the first address, 1 for the second.

    Returns
    -------
    pyarrow.Array of string, shape (n,)
        Different for different persons and addresses.
    """
    second = np.broadcast_to(np.asarray(address), who.shape) == 1
    number = mix.scramble(who, mix.stream(persons.seed, "mailbox"), len(persons))
    first = pc.if_else(
        pa.array(second),
        _INITIAL.take(pa.array(persons.first_name[who])),
        joined(_FIRST.take(pa.array(persons.first_name[who])), "."),
    )
    last = _LAST.take(pa.array(persons.last_name[who]))
    draws = mix.uniform(
        mix.stream(persons.seed, "provider"), 2 * who + second.astype(np.int64)
    )
    domain = coded(mix.pick(_PROVIDERS, 0, draws), MAIL_PROVIDERS).cast(pa.string())
    return joined(first, last, pa.array(number).cast(pa.string()), "@", domain)


def spelled(addresses: pa.Array, draws: np.ndarray) -> pa.Array:
    """Write e-mail addresses as people do: capitals, plus tags, dots and spaces.

    Parameters
    ----------
    addresses : pyarrow.Array of string, shape (n,)
    draws : ndarray of float64, shape (n,)
        Uniform numbers that choose the spelling; seven in ten stay as they are.

    Returns
    -------
    pyarrow.Array of string, shape (n,)

    Examples
    --------
    >>> spelled(pa.array(["a.b1@gmail.com"]), np.array([0.85])).to_pylist()
    ['a.b1+promo@gmail.com']
    """
    google = pc.ends_with(addresses, "@gmail.com").to_numpy(zero_copy_only=False)
    google = np.where(google == None, False, google).astype(bool)  # noqa: E711
    result = addresses
    upper = (draws >= 0.70) & (draws < 0.76)
    title = (draws >= 0.76) & (draws < 0.84)
    tagged = (draws >= 0.84) & (draws < 0.90) & google
    dotless = (draws >= 0.90) & (draws < 0.96) & google
    spaced = draws >= 0.97
    for mask, change in (
        (upper, pc.utf8_upper),
        (title, pc.utf8_capitalize),
        (tagged, lambda text: pc.replace_substring(text, "@", "+promo@")),
        (dotless, lambda text: pc.replace_substring(text, ".", "", max_replacements=1)),
        (spaced, lambda text: joined(" ", text, " ")),
    ):
        if mask.any():
            chosen = pa.array(mask)
            result = pc.replace_with_mask(
                result, chosen, change(addresses.filter(chosen))
            )
    return result


def phones(numbers: np.ndarray, landline: np.ndarray, draws: np.ndarray) -> pa.Array:
    """Write French numbers in the formats found in the wild.

    Parameters
    ----------
    numbers : ndarray of int64, shape (n,)
        Positions of the line: of the person, or of the household for a landline.
    landline : ndarray of bool, shape (n,)
    draws : ndarray of float64, shape (n,)
        Uniform numbers that choose the format.

    Returns
    -------
    pyarrow.Array of string, shape (n,)

    Examples
    --------
    >>> no = np.array([False])
    >>> phones(np.array([5]), no, np.array([0.1])).to_pylist()
    ['0609876566']
    >>> phones(np.array([5]), no, np.array([0.8])).to_pylist()
    ['+33 6 09 87 65 66']
    """
    eight = (numbers * 40_987_653 + 4_938_279) % _MOBILE_PRIME
    text = pa.array(eight + 100_000_000).cast(pa.string())
    lead = np.where((eight >= 30_000_000) & (eight % 3 == 0), 1, 0)
    mobile = joined(
        coded(lead, ["6", "7"]).cast(pa.string()), pc.utf8_slice_codeunits(text, 1, 9)
    )
    fixed = joined(
        coded(eight // 10_000_000, _AREAS).cast(pa.string()),
        pc.utf8_slice_codeunits(text, 2, 9),
    )
    digits = pc.if_else(pa.array(landline), fixed, mobile)
    formats = np.searchsorted([0.3, 0.5, 0.62, 0.75, 0.85, 0.9, 0.94], draws, "right")
    prefixes = ["0", "0", "0", "+33", "+33 ", "0033", "+33 (0)", "0"]
    gaps = ["", " ", ".", "", " ", "", " ", "-"]
    prefix = coded(formats, prefixes).cast(pa.string())
    gap = coded(formats, gaps).cast(pa.string())
    parts = [pc.utf8_slice_codeunits(digits, 0, 1)]
    for at in (1, 3, 5, 7):
        parts += [gap, pc.utf8_slice_codeunits(digits, at, at + 2)]
    return joined(prefix, *parts)


def sha256(texts: pa.Array) -> pa.Array:
    """Give the hexadecimal SHA-256 of each text; null stays null.

    Examples
    --------
    >>> sha256(pa.array(["a", None])).to_pylist()[0][:8]
    'ca978112'
    """
    return pa.array(
        [
            None if text is None else hashlib.sha256(text.encode()).hexdigest()
            for text in texts.to_pylist()
        ],
        pa.string(),
    )
