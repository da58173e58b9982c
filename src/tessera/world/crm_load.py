"""The load of the CRM: contacts with spoilt values, consents, erasures."""

import datetime as dt

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.contacts import contact_rows
from tessera.world.dirt_kinds import SPOILT_CONTACT_KINDS
from tessera.world.load import Load, in_chunks
from tessera.world.settings import World
from tessera.world.spelling import fill

BAD_EMAILS = [
    "camille.martin",
    "nom@",
    "@orange.fr",
    "a b@gmail.com",
    "x@y",
    "sans mail",
]
BAD_PHONES = ["12", "06 12", "non communiqué", "+33", "061234567890123", "xxxxxxxxxx"]
BAD_POSTCODES = ["ABCDE", "750", "99999999", "inconnu", "75-001-A", "?"]
BAD_BIRTHS = [dt.date(1850, 1, 1), dt.date(2090, 6, 30), dt.date(1012, 12, 12)]
_JUNK = {
    "malformed_email": BAD_EMAILS,
    "malformed_phone": BAD_PHONES,
    "malformed_postcode": BAD_POSTCODES,
    "impossible_birth_date": BAD_BIRTHS,
}


def spoilt_kind(world: World, who: np.ndarray, slot: np.ndarray) -> np.ndarray:
    """Give the kind of spoilt value of each contact; -1 for none.

    Returns
    -------
    ndarray of int64, shape (n,)
        Positions in `SPOILT_CONTACT_KINDS`.
    """
    rates = np.cumsum([rate for _, _, rate, _ in SPOILT_CONTACT_KINDS])
    key = mix.stream(world.settings.seed, "spoilt")
    draws = mix.uniform(key, 4 * who + slot)
    kind = np.searchsorted(rates * world.settings.dirt, draws, side="right")
    return np.where(kind < len(SPOILT_CONTACT_KINDS), kind, -1)


def load_crm(load: Load) -> None:
    """Write `crm.contacts`, `crm.consents` and `crm.erasure_requests` of a day."""
    world, number = load.world, load.day.number
    contacts, consents = world.contacts, world.consents
    versions = contacts.on(number)
    done = 0

    def spoil(chunk: pa.Table, first_row: int) -> tuple[pa.Table, np.ndarray]:
        nonlocal done
        here = versions[done : done + chunk.num_rows]
        done += chunk.num_rows
        at = contacts.version_contact[here]
        who, slot = contacts.who[at].astype(np.int64), contacts.slot[at].astype(int)
        kinds = spoilt_kind(world, who, slot)
        ids = chunk["contact_id"].to_pylist() if (kinds >= 0).any() else []
        records = []
        for code, (name, column, _, outcome) in enumerate(SPOILT_CONTACT_KINDS):
            places = np.flatnonzero(kinds == code)
            junk = _JUNK[name]
            values = [junk[int(who[place]) % len(junk)] for place in places]
            field = chunk.column_names.index(column)
            spoilt = fill(chunk[column].combine_chunks(), kinds == code, values)
            chunk = chunk.set_column(field, column, spoilt)
            records += [
                {
                    "natural_key": ids[place],
                    "kind": name,
                    "expected_rule": name,
                    "outcome": outcome,
                    "column_name": column,
                    "source_row": int(place) + first_row,
                }
                for place in places
            ]
        load.truth.add_rows("crm.contacts", records)
        # A refused row is quarantined, not replaced.
        refused = [kind[3] == "quarantine" for kind in SPOILT_CONTACT_KINDS] + [False]
        repeats = (contacts.previous_day[here] >= 0) & ~np.array(refused)[kinds]
        load.truth.add_superseded(
            "crm.contacts",
            chunk["contact_id"].combine_chunks().filter(pa.array(repeats)),
            contacts.previous_day[here][repeats],
            contacts.previous_row[here][repeats],
            np.flatnonzero(repeats) + first_row,
        )
        return chunk, np.flatnonzero(kinds < 0)

    chunks = in_chunks(versions, lambda part: contact_rows(contacts, part, number))
    load.emit("crm.contacts", chunks, spoil=spoil)
    for record in load.tail.records:
        new_id = load.tail.rows[record["at"]]["contact_id"]
        if record["kind"] == "near_duplicate":
            version = versions[record["pair_row"] - 1]
            person = int(contacts.who[contacts.version_contact[version]])
            load.truth.copies.append((new_id, person))
    load.emit("crm.consents", in_chunks(consents.on(number), consents.rows))
    load.emit("crm.erasure_requests", [consents.erasures(number)])
