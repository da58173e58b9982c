"""The truth agrees with the lake, and the lake has no fault that it does not name."""

import pytest

from tessera.world.dirt_kinds import KEYS, REQUIRED

DIRT = 8.0  # as in conftest
# An independent statement of each rule: the rows of the lake that break it.
RULES = {
    ("shop.orders", "unknown_status"): "order_status not in "
    "('completed', 'cancelled', 'returned')",
    ("shop.orders", "unknown_channel"): "channel not in ('web', 'store')",
    (
        "shop.orders",
        "unknown_currency",
    ): "currency_code not in ('EUR', 'eur', '€', 'CHF')",
    ("shop.orders", "delivered_before_ordered"): "delivered_at < ordered_at",
    ("shop.order_lines", "quantity_out_of_range"): "abs(quantity) > 1000",
    ("email.events", "unknown_event_type"): "event_type not in ('sent', 'delivered', "
    "'opened', 'clicked', 'bounced', 'unsubscribed')",
    ("ads.events", "negative_amount"): "conversion_amount < 0",
    ("ads.performance_daily", "clicks_above_impressions"): "click_count > "
    "impression_count",
    ("survey.responses", "answer_out_of_scale"): "try_cast(answer as double) "
    "not between scale_minimum and scale_maximum",
    ("crm.contacts", "impossible_birth_date"): "birth_date not between "
    "date '1900-01-01' and date '2015-01-01'",
    ("crm.contacts", "malformed_postcode"): "not regexp_full_match(postcode, "
    "'[0-9]{4,5}')",
    **{
        (table, "event_in_future"): f"{column} >= loaded_on::date + 1"
        for table, column in {
            "shop.orders": "ordered_at",
            "web.events": "event_at",
            "ads.events": "event_at",
            "email.events": "event_at",
            "social.engagements": "engaged_at",
            "survey.responses": "answered_at",
            "crm.consents": "decided_at",
        }.items()
    },
    **{
        (table, "required_null"): " or ".join(f"{one} is null" for one in columns)
        for table, columns in REQUIRED.items()
    },
}


def places(world, table: str, kinds: tuple[str, ...]) -> set:
    source, entity = table.split(".")
    return set(
        world.rows(
            f"select source_file, source_row from {world.truth('dirty_rows')} "
            f"where source = '{source}' and table_name = '{entity}' "
            f"and kind in ({', '.join(repr(kind) for kind in kinds)})"
        )
    )


@pytest.mark.parametrize("table", sorted(KEYS))
def test_every_dirty_row_stands_where_the_truth_says(small_world, table):
    source, entity = table.split(".")
    key = " || '|' || ".join(f"lake.{column}::varchar" for column in KEYS[table])
    missing = small_world.rows(
        f"select truth.* from {small_world.truth('dirty_rows')} as truth "
        f"left join {small_world.lake(table)} as lake "
        "using (source_file, source_row) "
        f"where truth.source = '{source}' and truth.table_name = '{entity}' "
        f"and (lake.source_row is null or {key} is distinct from truth.natural_key)"
    )
    assert missing == []


@pytest.mark.parametrize(("table", "rule"), sorted(RULES))
def test_a_rule_is_broken_by_the_planted_rows_only(small_world, table, rule):
    broken = set(
        small_world.rows(
            f"select source_file, source_row from {small_world.lake(table)} "
            f"where {RULES[table, rule]}"
        )
    )
    # A dirty row may be sent again, and the copy is known as a duplicate.
    kinds = (rule, "exact_duplicate", "redelivered", "near_duplicate", "superseded")
    assert places(small_world, table, (rule,)) <= broken
    assert broken <= places(small_world, table, kinds)


def test_totals_differ_for_the_planted_orders_only(small_world):
    lines = small_world.lake("shop.order_lines")
    dirty = (
        f"select source_file, source_row from {small_world.truth('dirty_rows')} "
        "where table_name = 'order_lines' and outcome in ('quarantine', 'duplicate')"
    )
    broken = small_world.rows(
        f"with kept as (select * from {lines} anti join ({dirty}) "
        "using (source_file, source_row)), totals as (select order_id, "
        "sum(line_amount) as total from kept group by order_id) "
        "select orders.source_file, orders.source_row "
        f"from {small_world.lake('shop.orders')} as orders "
        "join totals using (order_id) where order_amount != total"
    )
    assert set(broken) == places(small_world, "shop.orders", ("order_total_mismatch",))


def test_orders_before_birth_are_seen_through_the_contact(small_world):
    early = small_world.rows(
        f"select distinct orders.source_file, orders.source_row "
        f"from {small_world.lake('shop.orders')} as orders "
        f"join {small_world.lake('crm.contacts')} as contacts using (customer_id) "
        "where ordered_at < birth_date and birth_date < date '2020-01-01'"
    )
    assert set(early) == places(small_world, "shop.orders", ("order_before_birth",))


def test_lines_without_an_order_are_the_planted_ones(small_world):
    orphans = small_world.rows(
        "select lines.source_file, lines.source_row "
        f"from {small_world.lake('shop.order_lines')} as lines "
        f"anti join {small_world.lake('shop.orders')} as orders using (order_id) "
        "where lines.order_id is not null"
    )
    assert set(orphans) == places(small_world, "shop.order_lines", ("unknown_order",))


@pytest.mark.parametrize("table", sorted(KEYS))
def test_a_key_comes_twice_only_where_the_truth_says_so(small_world, table):
    keys = ", ".join(KEYS[table])
    extra = small_world.rows(
        f"select coalesce(sum(copies - 1), 0) from (select count(*) as copies "
        f"from {small_world.lake(table)} as lake "
        f"anti join (from {small_world.truth('dirty_rows')} "
        "where outcome = 'quarantine') as refused using (source_file, source_row) "
        f"group by {keys} "
        f"having {' and '.join(f'{key} is not null' for key in KEYS[table])})"
    )[0][0]
    kinds = ("exact_duplicate", "redelivered", "superseded")
    assert extra == len(places(small_world, table, kinds))


def test_rates_are_near_the_planned_ones(small_world):
    rows = small_world.rows(
        "select kinds.source || '.' || kinds.table_name, kind, planned_rate, "
        f"count(dirty.kind) from {small_world.truth('dirty_kinds')} as kinds "
        f"left join {small_world.truth('dirty_rows')} as dirty "
        "using (source, table_name, kind) where planned_rate is not null group by all"
    )
    for table, kind, rate, seen in rows:
        planned = rate * DIRT * small_world.summary.rows[table]
        # What is resent after the last day is not in the lake: a tenth is allowed.
        allowed = 4 * planned**0.5 + 3 + 0.1 * planned
        assert abs(seen - planned) <= allowed, (table, kind, planned, seen)


def test_every_kind_is_planted_somewhere(small_world):
    missing = small_world.rows(
        f"select distinct kind from {small_world.truth('dirty_kinds')} "
        f"anti join {small_world.truth('dirty_rows')} using (kind)"
    )
    assert missing == []


@pytest.mark.parametrize(
    ("source", "table", "column"),
    [
        ("crm", "crm.contacts", "contact_id"),
        ("shop", "shop.orders", "customer_id"),
        ("web", "web.events", "visitor_id"),
        ("social", "social.engagements", "profile_id"),
        ("survey", "survey.responses", "respondent_id"),
    ],
)
def test_every_profile_of_the_lake_has_its_person(small_world, source, table, column):
    unknown = small_world.rows(
        f"select {column} from {small_world.lake(table)} "
        f"where {column} is not null and {column} not in (select profile_id "
        f"from {small_world.truth('profile_persons')} where source = '{source}')"
    )
    assert unknown == []


def test_no_profile_has_two_persons(small_world):
    twice = small_world.rows(
        f"select source, profile_id from {small_world.truth('profile_persons')} "
        "group by source, profile_id having count(*) > 1"
    )
    assert twice == []
