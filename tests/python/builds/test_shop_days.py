"""Which days of the shop a night makes anew, and that no other night could tell."""

from datetime import date

import pytest

pytestmark = pytest.mark.slow

ORDERS = """
order_id,customer_id,ordered_at,order_status,channel
o1,c1,2024-06-01,completed,web
o2,c1,2024-06-02,completed,web
o3,c2,2024-06-03,completed,web
o4,c2,2024-06-04,completed,store
o5,c3,2024-06-05,completed,web
"""
ORDER_LINES = """
order_line_id,order_id,product_id,quantity,line_amount
l1,o1,p1,1,10.00
l2,o2,p1,1,20.00
l3,o3,p2,1,30.00
l4,o4,p2,1,40.00
l5,o5,p2,1,50.00
l6,o9,p2,1,60.00
"""
REDEMPTIONS = """
campaign_id,customer_id,coupon_id,redeemed_on
m1,c1,q1,2024-06-05
"""
# o3 moves to the 6th, nothing is left on the 3rd; l4 moves from o4 to o1; the order of
# l6 comes. Products come too, and touch no day.
MOVED_ORDERS = """
order_id,customer_id,ordered_at,order_status,channel
o3,c2,2024-06-06,completed,web
o9,c9,2024-06-09,completed,web
"""
MOVED_LINE = """
order_line_id,order_id,product_id,quantity,line_amount
l4,o1,p2,1,40.00
"""
LATE_LINE = """
order_line_id,order_id,product_id,quantity,line_amount
l7,o5,p1,1,7.00
"""
PRODUCTS = """
product_id,department
p1,drinks
p2,food
"""
WINSORISED = """
level,variable,method,factor,minimum_sample,transform,action
order_line,line_amount,iqr,0.1,3,none,winsorise
"""
SELECTION = (
    "--select", "+int_orders", "+int_shop_activity_daily",
    "+int_product_activity_daily", "int_loads_read", "+stg_shop__products", "--exclude",
    "resource_type:test",
)  # fmt: skip
TABLES = ("int_orders", "int_shop_activity_daily", "int_product_activity_daily")


def days_made(workspace) -> dict:
    """Give, for each table, when each of its days was judged last."""
    return {
        table: dict(
            workspace.query(
                f"select distinct {day}::varchar, judged_at from intermediate.{table}"
            )
        )
        for table, day in zip(
            TABLES, ("ordered_on", "activity_on", "activity_on"), strict=True
        )
    }


def days_changed(before: dict, after: dict) -> dict:
    """Give, for each table, the days that were made anew or have gone."""
    return {
        table: {
            day[-2:]
            for day in before[table] | after[table]
            if before[table].get(day) != after[table].get(day)
        }
        for table in TABLES
    }


def activity(workspace) -> list[tuple]:
    return workspace.query(
        "select profile_id, day(activity_on), event_type, event_count, "
        "sale_amount::double from intermediate.int_shop_activity_daily order by all"
    )


@pytest.fixture(scope="module")
def nights(new_shop):
    """Run the nights; give what each changed and the activity after it."""
    workspace = new_shop("shop_days")
    seed = (workspace.root / "seeds" / "outliers.csv").read_text()
    changed, found, before = {}, {}, {table: {} for table in TABLES}

    def run(night, *selection):
        nonlocal before
        workspace.build(*(selection or SELECTION))
        after = days_made(workspace)
        changed[night], before = days_changed(before, after), after
        found[night] = activity(workspace)

    workspace.load(
        shop__orders=ORDERS,
        shop__order_lines=ORDER_LINES,
        campaigns__redemptions=REDEMPTIONS,
    )
    run("first")
    workspace.load(
        shop__orders=MOVED_ORDERS,
        shop__order_lines=MOVED_LINE,
        shop__products=PRODUCTS,
        loaded_on=date(2024, 7, 2),
    )
    run("moved")
    workspace.load(shop__order_lines=LATE_LINE, loaded_on=date(2024, 7, 3))
    # A run that is killed once the lines are judged, and one that makes it good.
    workspace.build("--select", "+stg_shop__order_lines_judged", "--exclude",
                    "resource_type:test")  # fmt: skip
    run("late")
    workspace.write_seed("outliers", WINSORISED)
    run("clipped")
    workspace.write_seed("outliers", seed)
    run("as delivered")
    return workspace, changed, found


def test_the_first_night_makes_every_day(nights):
    _, changed, _ = nights
    assert changed["first"]["int_orders"] == {"01", "02", "03", "04", "05"}


def test_what_moves_touches_the_day_it_leaves_and_the_day_it_comes_to(nights):
    _, changed, found = nights
    touched = {"01", "03", "04", "06", "09"}
    assert changed["moved"] == {
        "int_orders": touched,
        "int_shop_activity_daily": touched,
        "int_product_activity_daily": touched,
    }
    assert found["moved"] == [
        ("c1", 1, "purchase", 1, 50.0),
        ("c1", 2, "purchase", 1, 20.0),
        ("c1", 5, "coupon_redeemed", 1, 0.0),
        ("c2", 4, "other", 1, 0.0),
        ("c2", 6, "purchase", 1, 30.0),
        ("c3", 5, "purchase", 1, 50.0),
        ("c9", 9, "purchase", 1, 60.0),
    ]


def test_a_new_catalogue_moves_what_was_bought_on_days_it_does_not_touch(nights):
    workspace, _, _ = nights
    assert workspace.query(
        "select department, sum(sale_amount)::double "
        "from intermediate.int_product_activity_daily "
        "inner join staging.stg_shop__products using (product_id) "
        "group by all order by all"
    ) == [("drinks", 37.0), ("food", 180.0)]


def test_a_late_line_touches_its_day_though_the_first_run_was_killed(nights):
    _, changed, found = nights
    assert set(map(frozenset, changed["late"].values())) == {frozenset({"05"})}
    assert ("c3", 5, "purchase", 1, 57.0) in found["late"]


def test_clipping_makes_every_day_anew_and_so_does_its_end(nights):
    _, changed, found = nights
    every = {"01", "02", "04", "05", "06", "09"}
    for night in ("clipped", "as delivered"):
        assert changed[night]["int_shop_activity_daily"] == every
    assert found["clipped"] != found["late"]
    assert found["as delivered"] == found["late"]
