"""Dirty exports: every bad row is found again, with its place, value and rule."""

from datetime import date

import pytest

SECRETS = (
    "ana.secret@example.com", "+33611223344", "Anastasia", "Quellenberg", "1985-02-17",
    "bo.hidden@example.com", "+33655667788", "Bohumil", "Zahradnik", "1990-11-30",
)  # fmt: skip

ORDERS = """
order_id,customer_id,ordered_at,order_status,channel,country_code
o1,c1,2024-06-01,completed,web,FR
,c1,2024-06-02,completed,web,FR
o3,c1,,completed,web,FR
o4,c1,2024-06-31,completed,web,FR
o5,c2,2024-06-03,pending,web,FR
o6,c2,2024-06-03,completed,fax,FR
o7,c2,2030-01-01,completed,web,FR
o8,c2,2024-06-04,returned,store,FR
o1,c1,2024-06-01,completed,web,FR
o9,c3,2024-06-05,completed,store,FR
o10,c3,2024-06-05,completed,store,FR,extra
o11,c3,2024-06-06,ana.secret@example.com,web,FR
""".lstrip()

ORDER_LINES = """
order_line_id,order_id,product_id,line_kind,quantity,line_amount,discount_amount
l1,o1,p1,,1,10.00,0
l2,o1,p1,product,many,10.00,0
l3,o1,p1,product,1,10.00 EUR,0
l4,o1,p1,bargain,1,10.00,0
l5,o1,p1,product,-1,10.00,0
l6,o1,p1,product,1,-10.00,0
l7,o1,p1,product,1,10.00,-2
l8,o404,p1,product,1,10.00,0
l9,o4,p1,product,1,10.00,0
l10,o8,p1,product,-1,-10.00,0
l11,o9,p2,product,2,30.00,
l12,o1,,product,1,10.00,0
l13,o1,p1,product,1,,0
""".lstrip()

CONTACTS = """
contact_id,customer_id,email,phone,first_name,last_name,birth_date,sex,created_at
k1,c1,ana.secret@example.com,+33611223344,Anastasia,Quellenberg,1985-02-17,female,2024-01-01
k2,c2,bo.hidden@example.com,+33655667788,Bohumil,Zahradnik,1990-11-30,M,2024-01-01
k3,c3,bo.hidden@example.com,,Bohumil,,ana.secret@example.com,male,2024-01-01
k4,,,,,,1850-01-01,,2024-01-01
k5,,,,,,,,2031-01-01
k6,,,,,,,ana.secret@example.com,2024-01-01
""".lstrip()

CAMPAIGNS = """
campaign_id,starts_on,ends_on
m1,2024-05-01,2024-05-31
m2,2024-05-31,2024-05-01
""".lstrip()

REDEMPTIONS = """
campaign_id,customer_id,coupon_id,redeemed_on
m1,c1,q1,2024-05-02
m1,c1,q1,2029-05-02
""".lstrip()

EXPECTED = [
    ("campaigns.csv", 2, "ends_on", "2024-05-01", "ends_before_it_starts"),
    ("contacts.csv", 3, "birth_date", "***", "not_a_date"),
    ("contacts.csv", 4, "birth_date", "***", "impossible_birth_date"),
    ("contacts.csv", 5, "created_at", "2031-01-01 00:00:00", "later_than_its_load"),
    ("order_lines.csv", 2, "quantity", "many", "not_a_double"),
    ("order_lines.csv", 3, "line_amount", "10.00 EUR", "not_a_decimal"),
    ("order_lines.csv", 4, "line_kind", "bargain", "unknown_line_kind"),
    ("order_lines.csv", 5, "quantity", "-1.0", "negative_quantity_in_a_sale"),
    ("order_lines.csv", 6, "line_amount", "-10.0000", "negative_amount_in_a_sale"),
    ("order_lines.csv", 7, "discount_amount", "-2.0000", "negative_discount"),
    ("order_lines.csv", 8, "order_id", "o404", "order_not_known"),
    ("order_lines.csv", 9, "order_id", "o4", "order_not_known"),
    ("order_lines.csv", 12, "product_id", None, "required"),
    ("order_lines.csv", 13, "line_amount", None, "required"),
    ("orders.csv", 2, "order_id", None, "required"),
    ("orders.csv", 3, "ordered_at", None, "required"),
    ("orders.csv", 4, "ordered_at", "2024-06-31", "not_a_timestamp"),
    ("orders.csv", 5, "order_status", "pending", "unknown_status"),
    ("orders.csv", 6, "channel", "fax", "unknown_channel"),
    ("orders.csv", 7, "ordered_at", "2030-01-01 00:00:00", "later_than_its_load"),
    ("orders.csv", 11, None, "TOO MANY COLUMNS", "unreadable_row"),
    ("orders.csv", 12, "order_status", "***", "unknown_status"),
    ("redemptions.csv", 2, "redeemed_on", "2029-05-02", "later_than_its_load"),
]


@pytest.fixture(scope="module")
def dirty(new_workspace):
    workspace = new_workspace("dirty")
    workspace.load(
        shop__orders=ORDERS,
        shop__order_lines=ORDER_LINES,
        crm__contacts=CONTACTS,
        campaigns__campaigns=CAMPAIGNS,
        campaigns__redemptions=REDEMPTIONS,
    )
    # What is bad is told apart before persons are looked at.
    workspace.build(untested=["features", "fits", "segments", "personas", "gates"])
    return workspace


def test_every_bad_row_is_named_with_its_place_value_and_rule(dirty):
    found = dirty.query(
        "select file_name, row_number, column_name, value, rule "
        "from marts.fct_quarantined_rows order by file_name, row_number"
    )
    assert found == EXPECTED


def test_every_bad_row_says_why_and_what_to_do(dirty):
    assert (
        dirty.query(
            "select file_name, row_number, rule from marts.fct_quarantined_rows "
            "where reason is null or remedy is null or load_id is null "
            "or loaded_on is null or source_name is null or table_name is null"
        )
        == []
    )


def test_nothing_is_lost(dirty):
    assert dirty.query(
        "select table_name, rows_in, kept, duplicates, quarantined "
        "from marts.fct_load_reconciliation order by table_name"
    ) == [
        ("campaigns", 2, 1, 0, 1),
        # A sex that says nothing is none, and costs no contact.
        ("contacts", 6, 3, 0, 3),
        ("order_lines", 13, 3, 0, 10),
        ("orders", 12, 3, 1, 8),
        ("redemptions", 2, 1, 0, 1),
    ]


def test_no_direct_identifier_leaves_the_intermediate_layer(dirty):
    tables = dirty.query(
        "select table_schema, table_name from information_schema.tables "
        "where table_schema in ('features', 'fits', 'segments', 'marts', 'activation')"
    )
    assert len(tables) > 20
    # One connection for all: opening the warehouse takes longer than to read a table.
    with dirty.connect() as db:
        leaks = [
            (schema, table, secret)
            for schema, table in tables
            for (row,) in db.execute(
                f"select rows::varchar from {schema}.{table} as rows"
            ).fetchall()
            for secret in SECRETS
            if secret.lower() in row.lower()
        ]
    assert leaks == []


def test_the_secrets_did_come_in(dirty):
    assert (
        dirty.value(
            "select count(*) from staging.stg_crm__contacts "
            "where email = 'ana.secret@example.com' and last_name = 'Quellenberg'"
        )
        == 1
    )


def test_a_mended_file_takes_the_place_of_the_bad_rows(dirty):
    dirty.load(
        shop__orders=ORDERS.replace("2024-06-31", "2024-06-30"),
        loaded_on=date(2024, 7, 2),
    )
    dirty.build("--select", "+fct_quarantined_rows", "--exclude", "resource_type:test")
    # The line that waited for its order is in.
    assert (
        dirty.value(
            "select count(*) from marts.fct_quarantined_rows "
            "where file_name = 'order_lines.csv' and row_number = 9"
        )
        == 0
    )
    assert (
        dirty.value(
            "select count(*) from staging.stg_shop__order_lines "
            "where order_line_id = 'l9'"
        )
        == 1
    )


def test_the_latest_load_of_a_day_wins(shop):
    # Which load is the latest is no matter of what its file or its hash is called.
    header = "order_id,customer_id,ordered_at,order_status,channel\n"
    for number in range(8):
        for customer in ("early", "late"):
            row = f"o{number},{customer},2024-06-01,completed,web"
            shop.load(shop__orders=f"{header}{row}\n")
    shop.dbt("run", "--select", "stg_ingest__lake_loads", "stg_shop__orders_judged")
    assert shop.query(
        "select customer_id, count(*) from staging.stg_shop__orders group by all"
    ) == [("late", 8)]


def test_a_dirty_price_costs_one_row_of_online_retail(shop, mappings, tmp_path):
    export = tmp_path / "invoices.csv"
    export.write_text(
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
        "Country\n"
        "536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
        "536365,71053,LANTERN,6,2010-12-01 08:26:00,cheap,17850,United Kingdom\n"
        "536365,84406B,HANGER,8,2010-12-01 08:26:00,2.75,17850,United Kingdom\n"
    )
    shop.ingest(mappings / "online_retail.yml", export)
    shop.dbt(
        "run", "--select", "stg_ingest__lake_loads",
        "source:ingest+,+fct_quarantined_rows", "source:shop+,+fct_quarantined_rows",
    )  # fmt: skip
    assert shop.query(
        "select file_name, row_number, column_name from marts.fct_quarantined_rows"
    ) == [("invoices.csv", 2, "line_amount")]
    assert shop.query(
        "select row_verdict, count(*) from staging.stg_shop__order_lines_judged "
        "group by all order by all"
    ) == [("kept", 2), ("quarantined", 1)]
