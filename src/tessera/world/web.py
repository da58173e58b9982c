"""What people do on the web shop: visits, and the events that make them up."""

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.catalogue import CATEGORY_NAMES, PER_CATEGORY, product_ids
from tessera.world.columns import coded, constant, numbered, times
from tessera.world.day import Day
from tessera.world.identifiers import (
    customer_ids,
    fold,
    visitor_ids,
    visitor_numbers,
)
from tessera.world.orders import Basket, Choice
from tessera.world.places import POSTCODE_TOWN, REGIONS, TOWN_REGION
from tessera.world.segments import DEVICES, PROSPECT_CODE, Segment
from tessera.world.vocabulary import COUNTRY_SPELLINGS, country_codes

SITE = "https://www.tessera-mode.fr"
EVENTS = [
    "page_view", "view_item", "view_item_list", "view_search_results", "add_to_cart",
    "begin_checkout", "purchase", "login",
]  # fmt: skip
_BROWSING = mix.lookup_table([[16, 46, 20, 6, 9, 0, 0, 3]])
_PAGES = [
    *(f"{SITE}/p/{one.lower()}" for one in product_ids()),
    *(f"{SITE}/c/{fold(one)}" for one in CATEGORY_NAMES),
    f"{SITE}/", f"{SITE}/recherche?q=idee", f"{SITE}/panier", f"{SITE}/commande",
    f"{SITE}/merci", f"{SITE}/compte",
]  # fmt: skip
_LISTS = len(product_ids())
_HOME = _LISTS + len(CATEGORY_NAMES)
# Page of each event name after the product and list pages; -1 is the product's own.
_EVENT_PAGE = np.array(
    [_HOME, -1, -2, _HOME + 1, _HOME + 2, _HOME + 3, _HOME + 4, _HOME + 5]
)
_SOURCES = ["google", "google", "newsletter", "instagram", "tiktok", "affilae"]
_MEDIUMS = ["organic", "cpc", "email", "social", "paid_social", "affiliate"]
_CAMPAIGNS = ["", "marque", "hebdo", "looks", "decouverte", "bons-plans"]
TRACKED_SHARE = 0.6
EVENTS_PER_VISIT = 4.0
EVENTS_PER_PURCHASE = 3
LOGIN_SHARE = 0.4


def origin_table(segments: tuple[Segment, ...]) -> np.ndarray:
    """Give the table that draws where a visit comes from; 6 is direct.

    Returns
    -------
    ndarray of int16, shape (segments, 4096)
    """
    rows = [
        [3, 2, 8 * one.opens * one.clicks + 0.3, one.reactions / 4, one.reactions / 8,
         2 * one.discount_share, 3]
        for one in segments
    ]  # fmt: skip
    return mix.lookup_table(np.array(rows))


def device_table(segments: tuple[Segment, ...]) -> np.ndarray:
    """Give the table that draws the device of a visit; see `DEVICES`."""
    return mix.lookup_table(np.array([one.devices for one in segments], float))


def web_events(
    day: Day,
    who: np.ndarray,
    basket: Basket,
    choice: Choice,
    devices: np.ndarray,
    origins: np.ndarray,
) -> pa.Table:
    """Give the rows of `web.events` of a day.

    Parameters
    ----------
    day : Day
    who : ndarray of int64, shape (visits,)
        Who visits without buying.
    basket : Basket
        The orders of the day; six in ten web orders are seen by the tracker.
    choice : Choice
        What each segment looks at.
    devices, origins : ndarray
        From `device_table` and `origin_table`.

    Returns
    -------
    pyarrow.Table
    """
    persons = day.persons
    tracked = basket.is_web & (day.draw("web_tracked", len(basket.who)) < TRACKED_SHARE)
    buys = np.flatnonzero(tracked)
    browsing = len(who)
    visitor = np.concatenate([who, basket.who[buys]])
    segment = persons.segment_on(visitor, day.number)
    visits = len(visitor)
    count = 1 + mix.small_counts(day.draw("web_count", visits), EVENTS_PER_VISIT - 1)
    count[browsing:] = EVENTS_PER_PURCHASE
    begin = np.concatenate(
        [
            day.moments("web", segment[:browsing]),
            basket.moment[buys] - 600_000_000,
        ]
    )
    device = mix.pick(devices, segment, day.draw("web_device", visits))
    origin = mix.pick(origins, segment, day.draw("web_origin", visits))
    cookie = visitor_numbers(persons, visitor, device.astype(np.int64), day.number)
    knows = day.draw("web_login", visits) < LOGIN_SHARE
    knows &= segment != PROSPECT_CODE
    knows[browsing:] = ~basket.is_guest[buys]
    town = POSTCODE_TOWN[persons.postcode_on(visitor, day.number)]
    country = country_codes(town, 0.7 * day.draw("web_country", visits))
    region_draws = day.draw("web_region", visits)
    region = np.where(
        region_draws < 0.04, (region_draws * 9973) % 18, TOWN_REGION[town]
    )

    visit = np.repeat(np.arange(visits), count)
    total = len(visit)
    position = np.arange(total) - (np.cumsum(count) - count)[visit]
    is_buy = visit >= browsing
    name = mix.pick(_BROWSING, 0, day.draw("web_name", total)).astype(np.int64)
    name = np.where(is_buy, np.array([1, 4, 6])[np.minimum(position, 2)], name)
    product = choice.products(day, "web", visitor[visit])
    at_purchase = np.flatnonzero(is_buy)
    order_at = buys[visit[at_purchase] - browsing]
    product[at_purchase] = basket.first_product[order_at]
    page = _EVENT_PAGE[name]
    page = np.where(page == -1, product, page)
    page = np.where(page == -2, _LISTS + product // PER_CATEGORY, page)
    shown = (name == 1) | (name == 4) | (name == 6)
    order = np.full(total, -1, np.int64)
    order[at_purchase] = basket.number[order_at]
    pace = np.where(is_buy, 240, 40)
    gap = position * pace + day.draw("web_gap", total) * pace
    user = customer_ids(persons, visitor, 0, ~knows)
    visit_at = pa.array(visit)
    return pa.table(
        {
            "event_id": numbered("w", day.number_from(total)),
            "event_at": times(begin[visit] + (gap * 1_000_000).astype(np.int64)),
            "visitor_id": visitor_ids(persons, cookie).take(visit_at),
            "user_id": user.take(visit_at),
            "session_id": constant(None, total),
            "event_name": coded(name, EVENTS),
            "page_url": coded(page, _PAGES),
            "page_view_id": constant(None, total),
            "product_id": coded(product, product_ids(), ~shown),
            "order_id": numbered("O", order, name != 6),
            "device_category": coded(device[visit], list(DEVICES)),
            "campaign_source": _coded_origin(origin[visit], _SOURCES),
            "campaign_medium": _coded_origin(origin[visit], _MEDIUMS),
            "campaign_name": _coded_origin(origin[visit], _CAMPAIGNS),
            "country_code": coded(country[visit], COUNTRY_SPELLINGS),
            "region": coded(region.astype(np.int64)[visit], REGIONS),
        }
    )


def _coded_origin(origin: np.ndarray, words: list[str]) -> pa.DictionaryArray:
    empty = np.array([word == "" for word in words] + [True])
    return coded(np.minimum(origin, len(words) - 1), words, empty[origin])
