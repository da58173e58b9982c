"""The load of the shop: orders and lines, with dirt that hangs together, products."""

import datetime as dt

import numpy as np
import pyarrow as pa

from tessera.world import dirt
from tessera.world.almanac import EPOCH
from tessera.world.catalogue import product_rows
from tessera.world.columns import plain
from tessera.world.contacts import has_contact, has_second_account
from tessera.world.crm_load import spoilt_kind
from tessera.world.dirt_kinds import DERIVED_KINDS, OUTLIER_FACTOR
from tessera.world.load import Load
from tessera.world.mix import stream, uniform
from tessera.world.orders import Basket, order_tables
from tessera.world.segments import PROSPECT_CODE
from tessera.world.stores import store_rows

RENAMED_DAY = 30
RENAMED_SHARE = 0.02


def load_shop(load: Load, who: np.ndarray) -> Basket:
    """Write the tables of the shop of a day; give its orders to the other sources."""
    day, number = load.day, load.day.number
    seed, factor = load.world.settings.seed, load.world.settings.dirt
    orders, lines, later, basket = order_tables(day, who, load.world.choice)
    known = np.flatnonzero(_knows_birth(load, orders, who, basket))
    barred = later["_row"].to_numpy() - 1

    order_tail, line_tail = dirt.Tail(), dirt.Tail()
    chosen = dirt.samples(
        "shop.orders",
        seed,
        (number, 0),
        len(who),
        factor,
        {"order_before_birth": known},
    )
    dirt.plant(order_tail, orders, chosen, number, day.date)
    for record in order_tail.records:
        if record["kind"] == "order_before_birth":
            born = int(day.persons.birth_day[who[record["position"]]])
            moment = dt.datetime.combine(
                EPOCH + dt.timedelta(days=born - 400), dt.time(12)
            )
            order_tail.rows[record["at"]] |= {
                "ordered_at": moment,
                "delivered_at": None,
            }
    _copy_lines(order_tail, line_tail, lines, basket)
    final = {"negative_amount": np.flatnonzero(basket.is_final[basket.line_order])}
    chosen = dirt.samples(
        "shop.order_lines", seed, (number, 0), len(lines), factor, final
    )
    dirt.plant(line_tail, lines, chosen, number, day.date)

    load.emit("shop.orders", [orders], order_tail, barred=barred)
    touched = {
        line_tail.rows[record["at"]]["order_id"]
        for record in line_tail.records
        if record["kind"]
        in ("negative_amount", "quantity_out_of_range", "required_null")
    }
    _note_touched(load, touched, basket)
    load.emit("shop.order_lines", [lines], line_tail)
    load.carry_versions("shop.orders", later)
    _load_products(load)
    return basket


def _knows_birth(load: Load, orders: pa.Table, who: np.ndarray, basket: Basket):
    persons, day = load.day.persons, load.day.number
    slot = np.zeros_like(who)
    main = basket.is_web | ~has_second_account(persons, who)
    contact = 4 * who
    seed = load.world.settings.seed
    born = uniform(stream(seed, "contact", "birth_null"), contact) >= 0.15
    shown = uniform(stream(seed, "contact", "customer"), contact) <= 0.9
    typo = uniform(stream(seed, "contact", "typo"), contact) >= 0.01
    ids = orders["customer_id"]
    named = ~ids.is_null().to_numpy()
    till = np.char.startswith(ids.fill_null("").to_numpy().astype(str), "CTILL")
    known = has_contact(persons, who) & (persons.segment[who] != PROSPECT_CODE)
    known &= (persons.join_day[who] <= day) & (spoilt_kind(load.world, who, slot) < 0)
    known &= ~_at_shared_till(load, who)
    return known & main & born & shown & typo & named & ~till


def _at_shared_till(load: Load, who: np.ndarray) -> np.ndarray:
    contacts = load.world.contacts
    shared = contacts.who[contacts.till >= 0]
    return np.isin(who, shared)


def _copy_lines(order_tail, line_tail, lines: pa.Table, basket: Basket) -> None:
    """Give every planted order the lines of the order that it was copied from."""
    for record in order_tail.records:
        order = order_tail.rows[record["at"]]
        if record["outcome"] == "duplicate" or order["order_id"] is None:
            continue
        at = basket.line_order
        first, last = np.searchsorted(at, [record["position"], record["position"] + 1])
        is_outlier = record["kind"] == "outlier_amount"
        kind = "line_of_outlier_order" if is_outlier else "line_of_dirty_order"
        rule, outcome = DERIVED_KINDS[kind]
        known = {"kind": kind, "rule": rule, "outcome": outcome}
        factor = OUTLIER_FACTOR if is_outlier else 1
        for row in plain(lines.slice(first, last - first)).to_pylist():
            row["order_id"] = order["order_id"]
            row["order_line_id"] = f"{row['order_line_id']}D{len(line_tail.rows)}"
            row["line_amount"] *= factor
            line_tail.add(row, dict(known))


def _note_touched(load: Load, touched: set, basket: Basket) -> None:
    rule, outcome = DERIVED_KINDS["order_of_dirty_line"]
    base = int(basket.number[0]) if len(basket.number) else 0
    records = []
    for order_id in sorted(one for one in touched if one is not None):
        records.append(
            {
                "natural_key": order_id,
                "kind": "order_of_dirty_line",
                "expected_rule": rule,
                "outcome": outcome,
                "column_name": "order_amount",
                "source_row": int(order_id[1:]) - base + 1,
            }
        )
    load.truth.add_rows("shop.orders", records)


def _load_products(load: Load) -> None:
    number = load.day.number
    if number not in (0, RENAMED_DAY):
        return
    rows = pa.table(product_rows())
    if number == 0:
        load.emit("shop.products", [rows])
        load.emit("shop.stores", [store_rows()], dirt.Tail())
    else:
        seed = load.world.settings.seed
        draws = uniform(stream(seed, "renamed"), rows.num_rows)
        at = np.flatnonzero(draws < RENAMED_SHARE)
        new = rows.take(pa.array(at))
        names = pa.array(
            [f"{name} (nouveau)" for name in new["product_name"].to_pylist()]
        )
        new = new.set_column(1, "product_name", names)
        load.emit("shop.products", [new], dirt.Tail())
        load.truth.add_superseded(
            "shop.products",
            new["product_id"].combine_chunks(),
            np.zeros(len(at), np.int64),
            at + 1,
            np.arange(len(at)) + 1,
        )
