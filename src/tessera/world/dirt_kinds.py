"""Every kind of dirty row that is planted: how often, how made, what should happen.

Outcomes: `quarantine` (refused with the rule), `duplicate` (dropped and counted),
`blank` (the value is blanked, the row stays), `flag` (an outlier: kept and marked),
`either` (a clean row that hangs on a dirty one: staging may keep or refuse it).
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

SPOILT_CONTACT_KINDS = (
    ("malformed_email", "email", 0.002, "blank"),
    ("malformed_phone", "phone", 0.002, "blank"),
    ("malformed_postcode", "postcode", 0.001, "blank"),
    ("impossible_birth_date", "birth_date", 0.001, "quarantine"),
)
# Kinds that hang on others and are not drawn by a rate of their own.
DERIVED_KINDS = {
    "superseded": ("superseded", "duplicate"),
    "redelivered": ("redelivered", "duplicate"),
    "line_of_dirty_order": ("order_not_known", "either"),
    "line_of_outlier_order": ("outlier_amount", "flag"),
    "order_of_dirty_line": ("order_total_mismatch", "either"),
}
REDELIVERED_RATE = 0.002
OUTLIER_FACTOR = 400
KEYS = {
    "crm.contacts": ("contact_id",),
    "crm.consents": ("consent_id",),
    "crm.erasure_requests": ("request_id",),
    "shop.orders": ("order_id",),
    "shop.order_lines": ("order_line_id",),
    "shop.products": ("product_id",),
    "shop.stores": ("store_id",),
    "web.events": ("event_id",),
    "social.profiles": ("profile_id", "platform"),
    "social.engagements": ("engagement_id",),
    "ads.events": ("event_id",),
    "ads.performance_daily": ("performed_on", "platform", "campaign_id", "ad_id"),
    "email.events": ("event_id",),
    "survey.responses": ("response_id", "question_id"),
}
REQUIRED = {
    "crm.contacts": ("contact_id",),
    "crm.consents": ("contact_id", "purpose", "destination", "decided_at"),
    "crm.erasure_requests": ("requested_at",),
    "shop.orders": ("order_id", "ordered_at", "order_status", "channel"),
    "shop.order_lines": ("order_id", "product_id", "quantity", "line_amount"),
    "shop.products": ("product_id",),
    "web.events": ("event_id", "event_at", "visitor_id", "event_name"),
    "social.profiles": ("profile_id", "platform", "first_seen_at"),
    "social.engagements": ("engagement_id", "engaged_at", "platform", "profile_id"),
    "ads.events": ("event_id", "event_at", "event_type", "campaign_id"),
    "ads.performance_daily": ("platform", "campaign_id", "spend_amount"),
    "email.events": ("event_id", "event_at", "event_type", "email"),
    "survey.responses": ("response_id", "question_id", "respondent_id", "answered_at"),
}
REDELIVERED = (
    "shop.orders", "shop.order_lines", "web.events", "social.engagements", "ads.events",
    "email.events", "survey.responses",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of dirty row of one table.

    Attributes
    ----------
    table, name, rule, outcome : what it is and what should happen to it.
    rate : share of the table's rows, added to them.
    column : the column that is wrong, if it is one.
    change : turns a copy of a clean row into a dirty one, given a uniform number.
    new_key : whether the copy gets a key of its own.
    """

    table: str
    name: str
    rate: float
    rule: str
    outcome: str
    column: str | None
    change: Callable[[dict, float], None]
    new_key: bool = True


def _put(column: str, value) -> Callable[[dict, float], None]:
    def change(row: dict, luck: float) -> None:
        row[column] = value

    return change


def _same(row: dict, luck: float) -> None:
    pass


def _restyle(*columns: str) -> Callable[[dict, float], None]:
    def change(row: dict, luck: float) -> None:
        for column in columns:
            text = row[column]
            if text is not None:
                upper = luck < 0.5 and not text.startswith("http")
                row[column] = f" {text.upper()} " if upper else f"{text}  "

    return change


def _before_order(row: dict, luck: float) -> None:
    row["delivered_at"] = row["ordered_at"] - dt.timedelta(days=1 + int(luck * 9))


def _other_total(row: dict, luck: float) -> None:
    row["order_amount"] += Decimal(500 + int(luck * 4500)) / 100


def _negative(column: str) -> Callable[[dict, float], None]:
    def change(row: dict, luck: float) -> None:
        row[column] = -(abs(row[column] or 0) + 1)

    return change


def _clicks(row: dict, luck: float) -> None:
    row["click_count"] = row["impression_count"] + 1 + int(luck * 50)


def _outlier(row: dict, luck: float) -> None:
    row["order_amount"] *= OUTLIER_FACTOR


QUARANTINE, DUPLICATE, FLAG = "quarantine", "duplicate", "flag"


def _common(table: str, time: str | None, rate: float) -> list[Kind]:
    kinds = [
        Kind(table, "exact_duplicate", 2 * rate, "exact_duplicate", DUPLICATE, None,
             _same, False),
        Kind(table, "required_null", rate, "required", QUARANTINE, None, _same),
    ]  # fmt: skip
    if time:
        kinds.append(
            Kind(table, "event_in_future", rate, "later_than_its_load", QUARANTINE,
                 time, _same)
        )  # fmt: skip
    return kinds


def _value(table: str, name: str, rate: float, column: str, change, rule=None) -> Kind:
    return Kind(table, name, rate, rule or name, QUARANTINE, column, change)


def _near(table: str, rate: float, *columns: str) -> Kind:
    return Kind(table, "near_duplicate", rate, "near_duplicate", DUPLICATE, None,
                _restyle(*columns))  # fmt: skip


_R = 0.0005
KINDS = [
    *_common("crm.contacts", None, 2 * _R),
    _near("crm.contacts", 4 * _R, "first_name", "last_name", "email"),
    *_common("crm.consents", "decided_at", _R),
    _value("crm.consents", "unknown_status", _R, "consent_status",
           _put("consent_status", "oui?")),
    *_common("crm.erasure_requests", None, 4 * _R),
    *_common("shop.orders", "ordered_at", _R),
    _value("shop.orders", "unknown_status", _R, "order_status",
           _put("order_status", "expédiée?")),
    _value("shop.orders", "unknown_channel", _R, "channel",
           _put("channel", "télévente")),
    _value("shop.orders", "unknown_currency", _R, "currency_code",
           _put("currency_code", "XXX")),
    _value("shop.orders", "order_before_birth", _R, "ordered_at", _same),
    _value("shop.orders", "delivered_before_ordered", _R, "delivered_at",
           _before_order),
    _value("shop.orders", "order_total_mismatch", _R, "order_amount", _other_total),
    Kind("shop.orders", "outlier_amount", _R, "outlier_amount", FLAG, "order_amount",
         _outlier),
    *_common("shop.order_lines", None, _R),
    _value("shop.order_lines", "unknown_order", _R, "order_id", _same,
           "order_not_known"),
    _value("shop.order_lines", "negative_amount", _R, "line_amount",
           _negative("line_amount"), "negative_amount_in_a_sale"),
    _value("shop.order_lines", "quantity_out_of_range", _R, "quantity",
           _put("quantity", 250_000.0)),
    *_common("shop.products", None, 2 * _R),
    *_common("web.events", "event_at", _R),
    _near("web.events", _R, "page_url"),
    *_common("social.profiles", "first_seen_at", _R),
    *_common("social.engagements", "engaged_at", _R),
    _value("social.engagements", "unknown_event_type", _R, "engagement_type",
           _put("engagement_type", "poke")),
    *_common("ads.events", "event_at", _R),
    _value("ads.events", "unknown_event_type", _R, "event_type",
           _put("event_type", "hover?")),
    _value("ads.events", "negative_amount", _R, "conversion_amount",
           _negative("conversion_amount")),
    *_common("ads.performance_daily", "performed_on", 4 * _R),
    _value("ads.performance_daily", "negative_amount", 4 * _R, "spend_amount",
           _negative("spend_amount")),
    _value("ads.performance_daily", "unknown_currency", 4 * _R, "currency_code",
           _put("currency_code", "XXX")),
    _value("ads.performance_daily", "clicks_above_impressions", 4 * _R, "click_count",
           _clicks),
    *_common("email.events", "event_at", _R),
    _value("email.events", "unknown_event_type", _R, "event_type",
           _put("event_type", "teleported")),
    *_common("survey.responses", "answered_at", _R),
    _value("survey.responses", "answer_out_of_scale", _R, "answer",
           _put("answer", "99")),
]  # fmt: skip
