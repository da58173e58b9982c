"""E-mails sent, and what becomes of each."""

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.columns import coded, joined, numbered, times
from tessera.world.contacts import has_contact
from tessera.world.day import Day
from tessera.world.identifiers import emails, spelled
from tessera.world.segments import DEVICES
from tessera.world.web import SITE

EVENTS = ["sent", "delivered", "opened", "clicked", "bounced", "unsubscribed"]
SENT, DELIVERED, OPENED, CLICKED, BOUNCED, UNSUBSCRIBED = range(6)
BOUNCE_SHARE = 0.02
_LINKS = [
    f"{SITE}/nouveautes",
    f"{SITE}/promos",
    f"{SITE}/selection",
    f"{SITE}/magasins",
]
MINUTE = 60_000_000


def mail_events(day: Day, who: np.ndarray, devices: np.ndarray) -> pa.Table:
    """Give the rows of `email.events` of a day.

    Parameters
    ----------
    day : Day
    who : ndarray of int64, shape (mailings,)
        To whom marketing wants to write; those without an address or who
        unsubscribed get nothing, and those who unsubscribe today say so.
    devices : ndarray
        From `web.device_table`.

    Returns
    -------
    pyarrow.Table
    """
    persons = day.persons
    asked = persons.draw("consent_email", who) < 0.95 * 0.80
    who = who[has_contact(persons, who) & asked]
    who = who[persons.unsubscribe_day[who] >= day.number]
    size = len(who)
    segment = persons.segment_on(who, day.number)
    luck = day.draw("mail_luck", size)
    bounces = luck < BOUNCE_SHARE
    left = persons.churn_day[who] <= day.number
    opens = day.draw("mail_open", size) < day.trait("opens", segment) * (1 - 0.9 * left)
    opens &= ~bounces
    clicks = opens & (day.draw("mail_click", size) < day.trait("clicks", segment))
    leaves = ~bounces & (persons.unsubscribe_day[who] == day.number)

    # Mailings leave at 8 in the morning; people open them at their own hours.
    sent = day.since_epoch * 1440 * MINUTE + (8 - day.offset_hours) * 60 * MINUTE
    sent = sent + (day.draw("mail_second", size) * 20 * MINUTE).astype(np.int64)
    opened = day.moments("mail", segment)
    opened = np.where(opened <= sent + MINUTE, sent + 5 * MINUTE, opened)
    always = np.ones(size, bool)
    parts = [
        (SENT, always, sent),
        (DELIVERED, ~bounces, sent + MINUTE // 2),
        (BOUNCED, bounces, sent + MINUTE // 2),
        (OPENED, opens, opened),
        (CLICKED, clicks, opened + MINUTE),
        (UNSUBSCRIBED, leaves, np.maximum(opened, sent) + 2 * MINUTE),
    ]
    at = np.concatenate([np.flatnonzero(mask) for _, mask, _ in parts])
    sizes = [int(mask.sum()) for _, mask, _ in parts]
    event = np.repeat(np.arange(6)[[part[0] for part in parts]], sizes)
    moment = np.concatenate([when[mask] for _, mask, when in parts])

    message = joined(
        f"m{day.number + 1:04d}-", pa.array(np.arange(size)).cast("string")
    )
    second = (persons.draw("second_mail", who) < 0.15) & (
        persons.draw("mail_box", who) < 0.5
    )
    address = spelled(emails(persons, who, second), persons.draw("mail_spelling", who))
    device = mix.pick(devices, segment, day.draw("mail_device", size))
    reads = (event == OPENED) | (event == CLICKED)
    week = day.date.isocalendar()
    campaign = f"E{week.year}W{week.week:02d}"
    taken = pa.array(at)
    link = (luck[at] * 9973).astype(np.int64) % len(_LINKS)
    return pa.table(
        {
            "event_id": numbered("e", day.number_from(len(at))),
            "event_at": times(moment),
            "event_type": coded(event, EVENTS),
            "message_id": message.take(taken),
            "campaign_id": coded(luck[at] < 0.3, [f"{campaign}A", f"{campaign}B"]),
            "email": address.take(taken),
            "link_url": coded(link, _LINKS, event != CLICKED),
            "device_category": coded(device[at], list(DEVICES), ~reads),
        }
    )
