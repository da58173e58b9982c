"""Orders and their lines, from the web shop and the tills."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.almanac import promotion_on
from tessera.world.catalogue import PER_CATEGORY, TIER_SIZE, TIER_START, product_ids
from tessera.world.columns import (
    DAY_MICROSECONDS,
    amounts,
    coded,
    joined,
    numbered,
    times,
)
from tessera.world.contacts import SHARED_TILLS, has_second_account
from tessera.world.day import Day
from tessera.world.identifiers import customer_ids, emails, loyalty_card_ids, spelled
from tessera.world.places import (
    POSTCODE_TOWN,
    STORE_COUNT,
    TOWN_COUNTRY,
    nearest_stores,
)
from tessera.world.spelling import fill
from tessera.world.stores import STORE_IDS
from tessera.world.vocabulary import (
    COUNTRY_SPELLINGS,
    CURRENCY_SPELLINGS,
    FRANC,
    FRANCS_PER_EURO,
    country_codes,
    currency_codes,
)

STATUSES = ["completed", "cancelled", "returned"]
CHANNELS = ["web", "store"]
COMPLETED, CANCELLED, RETURNED = 0, 1, 2
COST_SHARE = 0.55
TILL_SHARE = 0.025
RECEIPT_SHARE = 0.01
FAVOURITE_SHARE = 0.15
_NEAREST = nearest_stores()

_FRENCH = np.array([code == "FR" for code in TOWN_COUNTRY])
_SWISS = np.array([code == "CH" for code in TOWN_COUNTRY])


@dataclass
class Basket:
    """The orders of a day before they are written: one value an order.

    `is_final`: completed, and no later version of it will come; `line_order`: the
    position of the order of each line.
    """

    who: np.ndarray
    number: np.ndarray
    moment: np.ndarray
    is_web: np.ndarray
    is_guest: np.ndarray
    is_final: np.ndarray
    first_product: np.ndarray
    cents: np.ndarray
    line_order: np.ndarray


def order_tables(
    day: Day, who: np.ndarray, choice: "Choice"
) -> tuple[pa.Table, pa.Table, pa.Table, Basket]:
    """Give the orders of a day, their lines and what later becomes of them.

    Parameters
    ----------
    day : Day
    who : ndarray of int64, shape (orders,)
        Who buys, from `Arrivals.on`.
    choice : Choice
        What each segment likes.

    Returns
    -------
    orders, lines : pyarrow.Table
        Rows of `shop.orders` and `shop.order_lines`.
    later : pyarrow.Table
        Later versions of some of these orders: columns of `shop.orders`, then
        `_days` after this load and `_row`, the row of the order in this load.
    basket : Basket
        For the web events and conversions of the day.
    """
    persons, size = day.persons, len(who)
    segment = persons.segment_on(who, day.number)
    is_web = day.draw("order_web", size) < day.trait("web_share", segment)
    moment = day.moments("order", segment)
    # Shops are open from 9 to 20: what falls outside was bought around noon.
    shift = day.offset_hours * 3_600_000_000
    local = (moment + shift) % DAY_MICROSECONDS
    closed = ~is_web & ((local < 9 * 3.6e9) | (local >= 20 * 3.6e9))
    inside = (9 + day.draw("order_open", size) * 11) * 3.6e9
    moment = np.where(closed, moment - local + inside.astype(np.int64), moment)
    number = day.number_from(size)

    luck = day.draw("order_status", size)
    status = np.where(luck < 0.015, CANCELLED, COMPLETED)
    # What is brought back to a till has a receipt of its own, with negative lines.
    receipt = ~is_web & (luck > 1 - RECEIPT_SHARE)
    status[receipt] = RETURNED
    town = POSTCODE_TOWN[persons.postcode_on(who, day.number)]
    francs = is_web & _SWISS[town]
    lines, line_order, cents, first = _lines(
        day, who, segment, choice, number, np.where(receipt, -1, 1), francs
    )
    order_cents = np.bincount(line_order, cents, size).astype(np.int64)

    guest = day.draw("order_guest", size)
    is_guest = np.where(is_web, guest < 0.08, guest < 0.22)
    till = ~is_web & (guest >= 0.22) & (guest < 0.22 + TILL_SHARE)
    card = np.where(is_web, 0, has_second_account(persons, who)).astype(np.int64)
    customer = customer_ids(persons, who, card, is_guest)
    if till.any():
        at_till = (persons.household[who[till]] % SHARED_TILLS) + 1
        customer = fill(customer, till, [f"CTILL{one:02d}" for one in at_till])
    currency = currency_codes(day.draw("order_currency", size))
    currency = np.where(francs, FRANC, currency)
    country = country_codes(town, day.draw("order_country", size))
    far = day.draw("order_store", size)
    store = np.where(
        _FRENCH[town] & (far < 0.85), _NEAREST[town], (far * 9973) % STORE_COUNT
    )
    mail_draws = day.draw("order_mail", size)
    second = (mail_draws < 0.1) & (persons.draw("second_mail", who) < 0.15)
    address = spelled(emails(persons, who, second), mail_draws)
    has_mail = is_web | (mail_draws > 0.97)
    has_card = ~is_web & ~is_guest & ~till & (day.draw("order_card", size) < 0.5)
    orders = pa.table(
        {
            "order_id": numbered("O", number),
            "customer_id": customer,
            "ordered_at": times(moment),
            "order_status": coded(status, STATUSES),
            "channel": coded(np.where(is_web, 0, 1), CHANNELS),
            "store_id": coded(store, STORE_IDS, is_web),
            "country_code": coded(country, COUNTRY_SPELLINGS),
            "currency_code": coded(currency, CURRENCY_SPELLINGS),
            "order_amount": amounts(order_cents),
            "delivered_at": times(moment, is_web | (status == CANCELLED)),
            "updated_at": times(moment),
            "customer_email": fill(address, ~has_mail, None),
            "loyalty_card_id": loyalty_card_ids(persons, who, ~has_card),
        }
    )
    later = _later(day, orders, segment, is_web & (status == COMPLETED), moment)
    is_final = status == COMPLETED
    is_final[later["_row"].to_numpy() - 1] = False
    basket = Basket(
        who, number, moment, is_web, is_guest, is_final, first, order_cents, line_order
    )
    return orders, lines, later, basket


@dataclass
class Choice:
    """Tables that draw what each segment buys; see `mix.lookup_table`."""

    categories: np.ndarray
    tiers: np.ndarray
    prices: np.ndarray

    def products(self, day: Day, name: str, who: np.ndarray) -> np.ndarray:
        """Draw a product for each person: position in the catalogue."""
        persons, size = day.persons, len(who)
        segment = persons.segment_on(who, day.number)
        draws = day.draw(f"{name}_category", size)
        category = mix.pick(self.categories, segment, draws).astype(np.int64)
        favours = day.draw(f"{name}_favourite", size) < FAVOURITE_SHARE
        favours &= persons.drift_day[who] > day.number
        category = np.where(favours, persons.favourite[who], category)
        tier = mix.pick(self.tiers, segment, day.draw(f"{name}_tier", size))
        inside = (day.draw(f"{name}_place", size) * TIER_SIZE[tier]).astype(np.int64)
        return category * PER_CATEGORY + TIER_START[tier] + inside


def _lines(day: Day, who, segment, choice: Choice, number, sign, francs):
    size = len(who)
    count = mix.small_counts(
        day.draw("line_count", size), day.trait("lines", segment) - 1 + 1e-6
    )
    count = np.minimum(count + 1, 20)
    order = np.repeat(np.arange(size), count)
    first_line = np.cumsum(count) - count
    buyer, buyer_segment, total = who[order], segment[order], len(order)
    product = choice.products(day, "line", buyer)
    units = 1 + mix.small_counts(day.draw("line_units", total), 0.15)
    units = units * sign[order]
    cut = np.array([0.1, 0.2, 0.3, 0.5])
    cut = cut[(day.draw("line_cut", total) * 4).astype(np.int64)]
    likes = day.trait("discount_share", buyer_segment)
    if promotion_on(day.date):
        likes = np.minimum(likes * 1.3, 0.95)
    cut = np.where(day.draw("line_discount", total) < likes, cut, 0.0)
    cut = np.where(units < 0, 0.0, cut)
    full = choice.prices[product] * units
    in_francs = np.round(full * FRANCS_PER_EURO).astype(np.int64)
    full = np.where(francs[order], in_francs, full)
    off = np.round(full * cut).astype(np.int64)
    kind = np.where(day.draw("line_kind", total) < 0.3, -1, 0)
    position = np.arange(total) - first_line[order]
    lines = pa.table(
        {
            "order_line_id": joined(
                numbered("O", number[order]),
                "-",
                coded(position, [str(one + 1) for one in range(21)]).cast(pa.string()),
            ),
            "order_id": numbered("O", number[order]),
            "product_id": coded(product, product_ids()),
            "line_kind": coded(kind, ["product"]),
            "quantity": pa.array(units.astype(np.float64)),
            "line_amount": amounts(full - off),
            "discount_amount": amounts(off, day.draw("line_unknown", total) < 0.02),
            # Goods cost a fixed share of their full price; one line in ten tells none.
            "cost_amount": amounts(
                np.round(full * COST_SHARE).astype(np.int64),
                day.draw("line_cost", total) < 0.1,
            ),
        }
    )
    return lines, order, full - off, product[first_line]


def _later(day: Day, orders: pa.Table, segment, shipped, moment) -> pa.Table:
    size = len(segment)
    luck = day.draw("later", size)
    returned = luck < day.trait("returns", segment)
    delivered = ~returned & shipped & (luck > 0.85)
    open_order = orders["order_status"].combine_chunks().indices.to_numpy() == COMPLETED
    at = np.flatnonzero((returned | delivered) & open_order)
    days = 2 + (day.draw("later_days", size)[at] * 5).astype(np.int64)
    arrival = moment[at] + (days - 1) * DAY_MICROSECONDS + 3_600_000_000
    rows = orders.take(pa.array(at))
    changes = {
        "order_status": coded(np.where(returned[at], RETURNED, COMPLETED), STATUSES),
        "delivered_at": times(np.where(shipped[at], arrival, moment[at])),
        "updated_at": times(arrival),
    }
    for name, column in changes.items():
        rows = rows.set_column(rows.column_names.index(name), name, column)
    rows = rows.append_column("_days", pa.array(days))
    return rows.append_column("_row", pa.array(at + 1))
