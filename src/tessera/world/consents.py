"""Consents given, refused and withdrawn, and requests to be forgotten."""

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.columns import DAY_MICROSECONDS, coded, numbered, times
from tessera.world.contacts import Contacts
from tessera.world.identifiers import contact_ids, customer_ids, emails
from tessera.world.persons import NEVER
from tessera.world.segments import PROSPECT_CODE

# purpose, destination, share of the contacts asked, share of the asked who agree
DECISIONS = (
    ("marketing", "email", 0.95, 0.80),
    ("marketing", "sms", 0.60, 0.50),
    ("sharing", "meta", 0.50, 0.60),
    ("sharing", "google", 0.50, 0.60),
    ("sharing", "tiktok", 0.25, 0.45),
    ("profiling", "internal", 0.70, 0.75),
)
PURPOSES = ["marketing", "profiling", "sharing"]
DESTINATIONS = ["email", "sms", "meta", "google", "tiktok", "internal"]
STATUSES = ["granted", "refused", "withdrawn"]
GRANTED, REFUSED, WITHDRAWN = 0, 1, 2
COLLECTED_BY = ["web_form", "store", "email_link", "phone"]
RECEIVED_BY = ["web_form", "email", "letter", "store"]
WITHDRAWAL_YEARLY = 0.06
RETURN_SHARE = 0.2


class Consents:
    """The schedule of all decisions of the first contact of each person."""

    def __init__(self, contacts: Contacts):
        persons = contacts.persons
        self.contacts = contacts
        main = np.flatnonzero(contacts.slot == 0)
        who = contacts.who[main].astype(np.int64)
        gone = persons.erasure_day[who]
        created = contacts.created_day[main].astype(np.int64)
        parts = []
        for code, (_, destination, asked, agree) in enumerate(DECISIONS):
            luck = persons.draw(f"consent_{destination}", who)
            is_asked = luck < asked
            grants = luck < asked * agree
            answer = np.where(grants[is_asked], GRANTED, REFUSED)
            parts.append((main[is_asked], created[is_asked], code, answer))
            if destination == "email":
                until = persons.unsubscribe_day[who].astype(np.int64)
            else:
                wait = -np.log1p(-persons.draw(f"withdraw_{destination}", who))
                until = np.maximum(created, 0) + 1 + wait / WITHDRAWAL_YEARLY * 365
                until = np.minimum(until, NEVER).astype(np.int64)
            ends = grants & (until < NEVER) & (until < gone) & (until > created)
            parts.append((main[ends], until[ends], code, WITHDRAWN))
            again = ends & (persons.draw(f"again_{destination}", who) < RETURN_SHARE)
            again &= (until + 60 < gone) & (destination != "email")
            parts.append((main[again], until[again] + 60, code, GRANTED))
        self._collect(parts)

        leaves = gone < NEVER
        order = np.argsort(gone[leaves], kind="stable")
        self.erasure_contact = main[leaves][order]
        self.erasure_day = gone[leaves][order]

    def _collect(self, parts: list) -> None:
        contact = np.concatenate([part[0] for part in parts]).astype(np.int32)
        day = np.concatenate([part[1] for part in parts]).astype(np.int32)
        sizes = [len(part[0]) for part in parts]
        decision = np.repeat(np.array([part[2] for part in parts], np.int8), sizes)
        status = np.concatenate(
            [np.broadcast_to(part[3], len(part[0])).astype(np.int8) for part in parts]
        )
        order = np.argsort(np.maximum(day, 0), kind="stable")
        self.contact, self.day = contact[order], day[order]
        self.decision, self.status = decision[order], status[order]
        self.load_day = np.maximum(self.day, 0)

    def on(self, day: int) -> np.ndarray:
        """Give the positions of the decisions that are loaded on a day."""
        first, last = np.searchsorted(self.load_day, [day, day + 1])
        return np.arange(first, last)

    def rows(self, at: np.ndarray) -> pa.Table:
        """Give rows of `crm.consents` by their positions."""
        contacts, persons = self.contacts, self.contacts.persons
        who = contacts.who[self.contact[at]].astype(np.int64)
        decision, status = self.decision[at], self.status[at]
        purpose = np.array([PURPOSES.index(one[0]) for one in DECISIONS])[decision]
        target = np.array([DESTINATIONS.index(one[1]) for one in DECISIONS])[decision]
        luck = mix.uniform(mix.stream(persons.seed, "consent_by"), 8 * who + decision)
        by = np.where(status == WITHDRAWN, 2 * (decision == 0), luck < 0.4)
        return pa.table(
            {
                "consent_id": numbered("N", 1_000_000_000 + at),
                "contact_id": contact_ids(persons, who, np.zeros_like(who)),
                "purpose": coded(purpose, PURPOSES),
                "destination": coded(target, DESTINATIONS),
                "consent_status": coded(status, STATUSES),
                "decided_at": times(_moment(persons.start, self.day[at], luck)),
                "collected_by": coded(by.astype(np.int32), COLLECTED_BY),
            }
        )

    def erasures(self, day: int) -> pa.Table:
        """Give the rows of `crm.erasure_requests` of a day."""
        contacts, persons = self.contacts, self.contacts.persons
        first, last = np.searchsorted(self.erasure_day, [day, day + 1])
        who = contacts.who[self.erasure_contact[first:last]].astype(np.int64)
        luck = persons.draw("erasure", who)
        days = np.full(len(who), day)
        unknown = (luck > 0.6) | (persons.segment[who] == PROSPECT_CODE)
        by = np.searchsorted([0.5, 0.8, 0.95], luck, side="right")
        return pa.table(
            {
                "request_id": numbered("X", 100_000 + np.arange(first, last)),
                "requested_at": times(_moment(persons.start, days, luck)),
                "contact_id": contact_ids(persons, who, np.zeros_like(who)),
                "customer_id": customer_ids(persons, who, 0, unknown),
                "email": emails(persons, who),
                "received_by": coded(by, RECEIVED_BY),
            }
        )


def _moment(start, days: np.ndarray, draws: np.ndarray) -> np.ndarray:
    epoch = start.toordinal() - 719_163
    seconds = 25_200 + (draws * 43_200).astype(np.int64)
    return (days.astype(np.int64) + epoch) * DAY_MICROSECONDS + seconds * 1_000_000
