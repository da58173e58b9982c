"""Quarantine, correction, replay: what dbt makes of it, load by load."""

import csv
from datetime import date

import pytest

from tessera.lake.contracts import read_contracts
from tessera.lake.replay import export_quarantine, replay_quarantine

ORDERS = """
order_id,customer_id,ordered_at,order_status,channel
o1,c1,2024-06-01,completed,web
o2,c1,2024-06-31,completed,web
,c2,2024-06-03,completed,web
o4,c2,2024-06-04,pending,web
"""
# l1 waits for an order that comes later; its correction is a line of o1.
ORDER_LINES = """
order_line_id,order_id,product_id,quantity,line_amount
l1,o9,p1,1,10.00
l2,o1,p1,1,20.00
"""
# The view without a visitor is corrected, the one without a name is not.
EVENTS = """
event_id,visitor_id,event_at,event_name
e1,anna,2024-06-01 10:00:00,page_view
e2,,2024-06-01 10:01:00,page_view
e3,anna,2024-06-01 10:02:00,
"""
LATE_ORDER = """
order_id,customer_id,ordered_at,order_status,channel
o9,c9,2024-06-09,completed,web
"""
COUNTS = (
    "select table_name, rows_in, kept, duplicates, quarantined "
    "from marts.fct_load_reconciliation order by loaded_on, load_id, table_name"
)
SELECTION = (
    "--select", "stg_ingest__lake_loads", "source:ingest+,+fct_load_reconciliation",
    "source:ingest+,+fct_quarantined_rows", "source:shop+,+fct_load_reconciliation",
    "source:shop+,+fct_quarantined_rows", "source:web+,+fct_load_reconciliation",
    "int_web_activity_daily", "--indirect-selection", "cautious",
)  # fmt: skip


@pytest.fixture(scope="module")
def replayed(new_shop):
    """Give a workspace whose quarantine was corrected, all but one row rightly."""
    workspace = new_shop("replayed")
    workspace.load(
        shop__orders=ORDERS, shop__order_lines=ORDER_LINES, web__events=EVENTS
    )
    workspace.build(*SELECTION)
    places = {
        "warehouse": workspace.warehouse,
        "lake": workspace.lake,
        "contracts": read_contracts(workspace.root),
    }
    folder = workspace.root / "quarantine"
    exported = export_quarantine(folder, **places)
    corrections = {
        ("shop.orders", "2"): {"ordered_at": "2024-06-30"},
        ("shop.orders", "3"): {"order_id": "o3"},
        # Still wrong, and only a rule can tell.
        ("shop.orders", "4"): {"order_status": "perhaps"},
        ("shop.order_lines", "1"): {"order_id": "o1"},
        # Its day is touched by the correction, and so is looked at again.
        ("web.events", "2"): {"visitor_id": "bert"},
        ("web.events", "3"): {},
    }
    for table in exported:
        with table.path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            row.update(corrections[table.contract.name, row["row"]])
        with table.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    files = [table.path for table in exported]
    replay_quarantine(files, loaded_on=date(2024, 7, 2), **places)
    # The order that the line was waiting for.
    workspace.load(shop__orders=LATE_ORDER, loaded_on=date(2024, 7, 3))
    workspace.build(*SELECTION)
    return workspace


def test_corrected_rows_are_kept_with_their_first_file_and_row(replayed):
    assert replayed.query(
        "select order_id, ordered_at::date::varchar, source_file, source_row "
        "from staging.stg_shop__orders_judged where row_verdict = 'kept' "
        "order by order_id"
    ) == [
        ("o1", "2024-06-01", "orders.csv", 1),
        ("o2", "2024-06-30", "orders.csv", 2),
        ("o3", "2024-06-03", "orders.csv", 3),
        ("o9", "2024-06-09", "orders.csv", 1),
    ]


def test_a_replaced_row_never_comes_back_beside_its_correction(replayed):
    # Its order is known now; without the note, l1 would be a line of o9 and of o1.
    assert replayed.query(
        "select order_line_id, order_id from staging.stg_shop__order_lines order by 1"
    ) == [("l1", "o1"), ("l2", "o1")]


def test_a_replaced_web_event_counts_for_its_correction_alone(replayed):
    assert replayed.query(
        "select profile_id, activity_on::varchar, event_count "
        "from intermediate.int_web_activity_daily order by 1"
    ) == [("anna", "2024-06-01", 1), ("bert", "2024-06-01", 1)]
    assert replayed.query(
        "select source_row, row_verdict from staging.stg_web__events_refused"
    ) == [(3, "quarantined")]


def test_the_quarantine_keeps_what_was_replayed_and_by_what(replayed):
    rows = replayed.query(
        "select table_name, row_number, rule, loaded_on::varchar, "
        "left(replayed_by_load_id, 10) from marts.fct_quarantined_rows "
        "order by table_name, loaded_on, row_number"
    )
    assert rows == [
        ("events", 2, "required", "2024-07-01", "2024-07-02"),
        ("events", 3, "required", "2024-07-01", None),
        ("order_lines", 1, "order_not_known", "2024-07-01", "2024-07-02"),
        ("orders", 2, "not_a_timestamp", "2024-07-01", "2024-07-02"),
        ("orders", 3, "required", "2024-07-01", "2024-07-02"),
        ("orders", 4, "unknown_status", "2024-07-01", "2024-07-02"),
        # The second try, in its own load, waits for a third.
        ("orders", 4, "unknown_status", "2024-07-02", None),
    ]


def test_every_load_adds_up_the_first_one_too(replayed):
    assert replayed.query(COUNTS) == [
        ("orders", 4, 1, 0, 3),
        ("order_lines", 2, 1, 0, 1),
        ("events", 3, 1, 0, 2),
        ("order_lines", 1, 1, 0, 0),
        ("orders", 3, 2, 0, 1),
        ("events", 1, 1, 0, 0),
        ("orders", 1, 1, 0, 0),
    ]
