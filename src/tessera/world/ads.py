"""Paid advertising: events of known devices and people, and the daily export."""

import numpy as np
import pyarrow as pa

from tessera.world import mix
from tessera.world.columns import amounts, coded, constant, dates, numbered, times
from tessera.world.day import Day
from tessera.world.identifiers import emails, sha256, visitor_ids, visitor_numbers
from tessera.world.orders import Basket
from tessera.world.places import POSTCODE_TOWN, REGIONS, TOWN_REGION
from tessera.world.segments import DEVICES
from tessera.world.spelling import fill
from tessera.world.vocabulary import COUNTRY_SPELLINGS

PLATFORMS = ["meta", "google", "tiktok"]
EVENTS = ["impression", "click", "conversion"]
_PLATFORM_CODE = ["M", "G", "T"]
CAMPAIGNS_PER_PLATFORM, ADS_PER_CAMPAIGN = 4, 3
_PER_PLATFORM = CAMPAIGNS_PER_PLATFORM * ADS_PER_CAMPAIGN
_CAMPAIGN_NAMES = ["prospection", "reciblage", "catalogue", "marque"]
CLICK_SHARE = 0.08
MATCHED_SHARE = 0.30
KNOWN_DEVICE_SHARE = 0.45
CONVERSION_SHARE = 0.04
ANONYMOUS_FACTOR = 400
_CAMPAIGNS = [
    f"{code}C{at + 1}"
    for code in _PLATFORM_CODE
    for at in range(CAMPAIGNS_PER_PLATFORM)
]
_ADS = [
    f"{campaign}-A{at + 1}" for campaign in _CAMPAIGNS for at in range(ADS_PER_CAMPAIGN)
]


def ad_tables(
    day: Day, who: np.ndarray, basket: Basket, devices: np.ndarray
) -> tuple[pa.Table, pa.Table]:
    """Give the rows of `ads.events` and `ads.performance_daily` of a day.

    Parameters
    ----------
    day : Day
    who : ndarray of int64, shape (impressions,)
        To whom an ad is shown.
    basket : Basket
        The orders of the day; some web orders are claimed by a platform.
    devices : ndarray
        From `web.device_table`.

    Returns
    -------
    events, performance : pyarrow.Table
    """
    persons, shown = day.persons, len(who)
    claimed = np.flatnonzero(
        basket.is_web & (day.draw("ads_claimed", len(basket.who)) < CONVERSION_SHARE)
    )
    segment = persons.segment_on(who, day.number)
    young = day.since_epoch - persons.birth_day[who] < 35 * 365.25
    draws = day.draw("ads_platform", shown)
    platform = np.where(
        young, np.searchsorted([0.4, 0.65], draws), np.searchsorted([0.4, 0.95], draws)
    )
    ad = platform * _PER_PLATFORM + (day.draw("ads_ad", shown) * _PER_PLATFORM).astype(
        np.int64
    )
    moment = day.moments("ads", segment)
    rate = CLICK_SHARE * (0.5 + day.trait("discount_share", segment))
    clicked = np.flatnonzero(day.draw("ads_click", shown) < rate)

    person = np.concatenate([who, who[clicked], basket.who[claimed]])
    claimed_ad = (day.draw("ads_claimed_ad", len(claimed)) * len(_ADS)).astype(np.int64)
    advert = np.concatenate([ad, ad[clicked], claimed_ad])
    when = [moment, moment[clicked] + 5_000_000, basket.moment[claimed] + 1_000_000]
    kind = np.repeat(np.arange(3), [shown, len(clicked), len(claimed)])
    order = np.full(len(person), -1, np.int64)
    value = np.zeros(len(person), np.int64)
    order[kind == 2] = basket.number[claimed]
    value[kind == 2] = basket.cents[claimed]

    size = len(person)
    luck = day.draw("ads_device", size)
    device = mix.pick(devices, persons.segment_on(person, day.number), luck)
    cookie = visitor_numbers(persons, person, device.astype(np.int64), day.number)
    known = (day.draw("ads_known", size) < KNOWN_DEVICE_SHARE) | (kind > 0)
    matched = persons.draw("ads_matched", person) < MATCHED_SHARE
    at = np.flatnonzero(matched)
    hashed = fill(
        pa.nulls(size, pa.string()),
        matched,
        sha256(emails(persons, person[at])).to_pylist(),
    )
    town = POSTCODE_TOWN[persons.postcode_on(person, day.number)]
    events = pa.table(
        {
            "event_id": numbered("a", day.number_from(size)),
            "event_at": times(np.concatenate(when)),
            "event_type": coded(kind, EVENTS),
            "platform": coded(advert // _PER_PLATFORM, PLATFORMS),
            "campaign_id": coded(advert // ADS_PER_CAMPAIGN, _CAMPAIGNS),
            "ad_id": coded(advert, _ADS),
            "visitor_id": visitor_ids(persons, cookie, ~known),
            "email_sha256": hashed,
            "order_id": numbered("O", order, kind != 2),
            "conversion_amount": amounts(value, kind != 2),
            "device_category": coded(device, list(DEVICES)),
            "country_code": constant(COUNTRY_SPELLINGS[0], size),
            "region": coded(TOWN_REGION[town], REGIONS),
        }
    )
    return events, _performance(day, advert, kind, value)


def _performance(day: Day, advert, kind, value) -> pa.Table:
    size = len(_ADS)
    noise = 0.8 + 0.4 * day.draw("ads_noise", size)
    base = np.bincount(advert[kind == 0], minlength=size)
    impressions = np.round((base * ANONYMOUS_FACTOR + 200) * noise).astype(np.int64)
    clicks = np.round(impressions * 0.011 * noise).astype(np.int64)
    conversions = np.bincount(advert[kind == 2], minlength=size)
    cents = np.bincount(advert[kind == 2], value[kind == 2], size).astype(np.int64)
    platform = np.arange(size) // _PER_PLATFORM
    spend = np.round(impressions * np.array([0.9, 1.3, 0.6])[platform] * noise)
    campaign = np.arange(size) // ADS_PER_CAMPAIGN
    return pa.table(
        {
            "performed_on": dates(np.full(size, day.since_epoch)),
            "platform": coded(platform, PLATFORMS),
            "campaign_id": coded(campaign, _CAMPAIGNS),
            "campaign_name": coded(campaign % CAMPAIGNS_PER_PLATFORM, _CAMPAIGN_NAMES),
            "ad_id": coded(np.arange(size), _ADS),
            "ad_name": coded(np.arange(size), [f"visuel {one}" for one in _ADS]),
            "impression_count": pa.array(impressions),
            "click_count": pa.array(clicks),
            "conversion_count": pa.array(conversions.astype(np.float64)),
            "conversion_amount": amounts(cents),
            "spend_amount": amounts(spend.astype(np.int64)),
            "currency_code": constant("EUR", size),
        }
    )
