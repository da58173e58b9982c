"""Small shops to build from, and a warehouse to build them into."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable

import pytest


@pytest.fixture(scope="session")
def empty(made_once, new_workspace):
    """Give a workspace built from an empty lake; a test leaves it empty."""

    def fill(folder):
        workspace = new_workspace("empty", folder)
        workspace.init_lake()
        workspace.build()

    return made_once("empty", fill)


@pytest.fixture(scope="session")
def manifest(made_once, new_workspace):
    """Give what dbt knows of the project, parsed and not built."""

    def fill(folder):
        new_workspace("manifest", folder).dbt("parse", "--write-json")

    workspace = made_once("manifest", fill)
    return json.loads((workspace.root / "target" / "manifest.json").read_text())


@pytest.fixture(scope="session")
def new_shop(empty, new_workspace):
    """Make a workspace whose seeds and models stand, all empty.

    What a test then builds is what its shop changes, `source:shop+`: a third of the
    project. It always needs `stg_ingest__lake_loads`, which reads no source.
    """

    def make(name):
        workspace = new_workspace(name)
        workspace.init_lake()
        shutil.copy(empty.warehouse, workspace.warehouse)
        return workspace

    return make


@pytest.fixture
def shop(new_shop):
    """Make such a workspace for one test."""
    return new_shop("shop")


@pytest.fixture(scope="session")
def small_shop():
    """Texts of orders and order lines from (customer, day, amount, status) tuples."""

    def make(sales: Iterable[tuple]) -> dict[str, str]:
        orders = ["order_id,customer_id,ordered_at,order_status,channel"]
        lines = [
            "order_line_id,order_id,product_id,quantity,line_amount,discount_amount"
        ]
        for number, (customer, day, amount, *status) in enumerate(sales, start=1):
            quantity = -1 if amount < 0 else 1
            orders.append(
                f"o{number},{customer},{day},{(status or ['completed'])[0]},web"
            )
            lines.append(f"l{number},o{number},p{number % 7},{quantity},{amount},0")
        return {
            "shop__orders": "\n".join(orders) + "\n",
            "shop__order_lines": "\n".join(lines) + "\n",
        }

    return make
