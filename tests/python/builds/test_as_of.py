"""Features of a past night do not know what happened after it."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import duckdb
import pytest

from tessera.world import generate_world

PERSONS, DAYS, NIGHT = 1_000, 120, date(2024, 4, 14)
# When that which a row tells happened. Order lines happen with their orders; products,
# stores and the audiences of campaigns carry no moment.
MOMENTS = {
    "ads/events": "event_at",
    "ads/performance_daily": "performed_on",
    "campaigns/campaigns": "starts_on",
    "campaigns/redemptions": "redeemed_on",
    "crm/consents": "decided_at",
    "crm/contacts": "coalesce(updated_at, created_at)",
    "crm/erasure_requests": "requested_at",
    "email/events": "event_at",
    "shop/orders": "ordered_at",
    "social/engagements": "engaged_at",
    "social/profiles": "first_seen_at",
    "survey/responses": "answered_at",
    "web/events": "event_at",
}
# A measure that two nights may sum in another order agrees to this many digits.
DIGITS = 9
KEYS = (
    "person_key",
    "variable",
    "scope",
    "feature",
    "channel",
    "kind",
    "trait",
    "slot_number",
)
pytestmark = pytest.mark.slow


def cut(lake, night):
    """Take away what happened after a night; give the number of rows."""
    taken = 0
    with duckdb.connect() as db:
        db.execute(
            f"create view later_orders as from read_parquet('{lake}/shop/orders/*/*', "
            f"union_by_name = true) where ordered_at::date > date '{night}'"
        )
        db.execute("create table orders as select distinct order_id from later_orders")
        conditions = {
            table: f"{moment}::date > date '{night}'"
            for table, moment in MOMENTS.items()
        }
        conditions["shop/order_lines"] = "order_id in (from orders)"
        for table, condition in conditions.items():
            for file in sorted((lake / table).glob("*/*.parquet")):
                kept = file.with_suffix(".kept")
                (before,) = db.sql(f"select count(*) from '{file}'").fetchall()[0]
                (after,) = db.execute(
                    f"copy (from '{file}' where ({condition}) is not true) "
                    f"to '{kept}' (format parquet)"
                ).fetchall()[0]
                kept.replace(file)
                taken += before - after
    return taken


@pytest.fixture(scope="module")
def nights(new_workspace):
    """Build the features of one night from a whole lake, and from one that ends there.

    Gives a connection with the tables of either in a schema, `whole` and `ended`.
    """
    workspaces = {name: new_workspace(name) for name in ("whole", "ended")}
    whole, ended = workspaces.values()
    generate_world(
        persons=PERSONS, days=DAYS, seed=11, out=whole.lake, truth=whole.root / "truth"
    )
    whole.init_lake()
    shutil.copytree(whole.lake, ended.lake)
    assert cut(ended.lake, NIGHT) > 1_000

    def build(workspace):
        workspace.environment["TESSERA_AS_OF_DATE"] = str(NIGHT)
        workspace.dbt(
            *("build", "--resource-type", "seed", "--resource-type", "model"),
            *("--select", "+path:models/features"),
        )

    with ThreadPoolExecutor() as pool:
        list(pool.map(build, workspaces.values()))
    with duckdb.connect() as db:
        for name, workspace in workspaces.items():
            db.execute(f"create schema {name}")
            with workspace.connect() as warehouse:
                for (table,) in warehouse.execute(
                    "select table_name from information_schema.tables "
                    "where table_schema = 'features'"
                ).fetchall():
                    rows = warehouse.execute(f"from features.{table}")
                    db.register("found", rows.to_arrow_table())
                    db.execute(f"create table {name}.{table} as from found")
        yield db


def test_every_column_of_every_features_table_is_that_of_the_night(nights):
    wrong, compared = {}, 0
    columns = nights.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'whole' order by all"
    ).fetchall()
    same = {
        table: [
            f"whole.{name} is not distinct from ended.{name}"
            for other, name, _ in columns
            if other == table and name in KEYS
        ]
        for table, *_ in columns
    }
    for table, column, kind in columns:
        sides = (f"whole.{column}", f"ended.{column}")
        if kind == "DOUBLE":
            sides = tuple(f"round({side}, {DIGITS})" for side in sides)
        ((differing,),) = nights.execute(
            f"""
            select count(*)
            from whole.{table} as whole
            full outer join ended.{table} as ended on {" and ".join(same[table])}
            where
                whole.rowid is null
                or ended.rowid is null
                or {sides[0]} is distinct from {sides[1]}
            """
        ).fetchall()
        if differing:
            wrong[f"{table}.{column}"] = differing
        compared += 1
    assert compared > 150
    assert wrong == {}


def test_the_night_has_persons_who_did_something(nights):
    persons, last_purchase_on, earlier_buyers, is_of_the_night = nights.execute(
        f"""
        select
            (select count(*) from whole.ftr_person_matrix),
            (select max(last_purchase_on) from whole.ftr_person_rfm),
            (
                select count(*) from whole.ftr_person_channels
                where order_count_90_days < order_count_365_days
            ),
            (
                select bool_and(as_of_date = date '{NIGHT}')
                from whole.ftr_person_channels
            )
        """
    ).fetchall()[0]
    assert persons > PERSONS / 5
    assert last_purchase_on <= NIGHT
    assert earlier_buyers > 0
    assert is_of_the_night
