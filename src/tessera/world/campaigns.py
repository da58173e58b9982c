"""Campaigns: whom the shop sends coupons to, and who redeems them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tessera.world import dirt, mix
from tessera.world.almanac import EPOCH, PROMOTIONS
from tessera.world.columns import (
    DAY_MICROSECONDS,
    constant,
    dates,
    numbered,
)
from tessera.world.contacts import has_contact
from tessera.world.day import MOST_DAYS_LATE, Day
from tessera.world.identifiers import customer_ids
from tessera.world.load import Load, in_chunks
from tessera.world.orders import Basket
from tessera.world.segments import PROSPECT_CODE

MONTHLY_DAYS = 14
# Share of the customers it is sent to, before they are weighed by their taste.
REACH = {"monthly": 0.06, "promotion": 0.20}
REDEEMED_SHARE = 0.5


@dataclass(frozen=True)
class Campaign:
    """A campaign: its number, its kind, its first and its last day."""

    campaign_id: str
    campaign_type: str
    starts_on: dt.date
    ends_on: dt.date


def campaigns_from(date: dt.date) -> list[Campaign]:
    """List the campaigns that start on a day: one a month, one a promotion.

    Examples
    --------
    >>> [one.campaign_id for one in campaigns_from(dt.date(2024, 1, 10))]
    ['soldes_hiver_2024']
    >>> [str(one.ends_on) for one in campaigns_from(dt.date(2024, 2, 1))]
    ['2024-02-14']
    """
    found = []
    if date.day == 1:
        last = date + dt.timedelta(days=MONTHLY_DAYS - 1)
        found.append(Campaign(f"mensuelle_{date:%Y_%m}", "monthly", date, last))
    for name, (first, (month, day)) in PROMOTIONS.items():
        if first == (date.month, date.day):
            last = dt.date(date.year, month, day)
            found.append(Campaign(f"{name}_{date.year}", "promotion", date, last))
    return found


def is_targeted(day: Day, campaign: Campaign, who: np.ndarray) -> np.ndarray:
    """Say to whom a campaign was sent: customers in the CRM, bargain hunters first.

    The same for a person on each day, for it looks at the campaign's first day only.
    """
    persons = day.persons
    first = (campaign.starts_on - persons.start).days
    taste = np.array([one.discount_share for one in day.segments])
    reach = REACH[campaign.campaign_type] * (0.5 + 2 * taste[persons.segment[who]])
    luck = mix.uniform(mix.stream(persons.seed, "campaign", campaign.campaign_id), who)
    customer = (persons.segment[who] != PROSPECT_CODE) & has_contact(persons, who)
    here = (persons.join_day[who] <= first) & (persons.erasure_day[who] > first)
    return customer & here & (luck < reach)


def campaign_rows(campaigns: list[Campaign]) -> pa.Table:
    """Give the rows of `campaigns.campaigns`."""
    return pa.table(
        {
            "campaign_id": pa.array([one.campaign_id for one in campaigns]),
            "campaign_type": pa.array([one.campaign_type for one in campaigns]),
            "starts_on": pa.array([one.starts_on for one in campaigns], pa.date32()),
            "ends_on": pa.array([one.ends_on for one in campaigns], pa.date32()),
        }
    )


def redemption_rows(day: Day, basket: Basket) -> pa.Table:
    """Give the rows of `campaigns.redemptions`: coupons of the day's web orders.

    A coupon is redeemed by a customer it was sent to, once an order, while its
    campaign runs; who likes discounts does so more often.
    """
    persons, who = day.persons, basket.who
    on = basket.moment // DAY_MICROSECONDS
    luck = day.draw("coupon", len(who))
    open_to = basket.is_web & ~basket.is_guest & basket.is_final
    open_to &= luck < REDEEMED_SHARE * day.trait(
        "discount_share", persons.segment_on(who, day.number)
    )
    parts = []
    for campaign in _running(day.date):
        first = (campaign.starts_on - EPOCH).days
        last = (campaign.ends_on - EPOCH).days
        at = np.flatnonzero(open_to & (on >= first) & (on <= last))
        at = at[is_targeted(day, campaign, who[at])]
        parts.append(
            pa.table(
                {
                    "campaign_id": constant(campaign.campaign_id, len(at)).cast(
                        pa.string()
                    ),
                    "customer_id": customer_ids(persons, who[at]),
                    "coupon_id": numbered("COUPON", basket.number[at]),
                    "redeemed_on": dates(on[at]),
                }
            )
        )
        # One coupon an order.
        open_to[at] = False
    return pa.concat_tables(parts).combine_chunks() if parts else pa.table({})


def load_campaigns(load: Load, basket: Basket) -> None:
    """Write the tables of the campaigns of a day; days without any have no file."""
    day = load.day
    starting = campaigns_from(day.date)
    if starting:
        load.emit("campaigns.campaigns", [campaign_rows(starting)], dirt.Tail())
        load.emit("campaigns.targetings", _targetings(day, starting), dirt.Tail())
    redeemed = redemption_rows(day, basket)
    if redeemed.num_rows:
        load.emit("campaigns.redemptions", [redeemed], dirt.Tail())


def _targetings(day: Day, campaigns: list[Campaign]) -> Iterator[pa.Table]:
    people = np.arange(len(day.persons))
    for campaign in campaigns:
        who = people[is_targeted(day, campaign, people)]
        yield from in_chunks(
            who,
            lambda part, one=campaign: pa.table(
                {
                    "campaign_id": constant(one.campaign_id, len(part)),
                    "customer_id": customer_ids(day.persons, part),
                }
            ),
        )


def _running(date: dt.date) -> list[Campaign]:
    """List the campaigns that orders of a load may belong to, late ones too."""
    longest = max(
        MONTHLY_DAYS,
        *(
            (dt.date(2023, *last) - dt.date(2023, *first)).days + 1
            for first, last in PROMOTIONS.values()
        ),
    )
    days = range(longest + MOST_DAYS_LATE, -1, -1)
    return [one for back in days for one in campaigns_from(date - dt.timedelta(back))]
