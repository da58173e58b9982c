"""Small shops to build from."""

from __future__ import annotations

from collections.abc import Iterable

import pytest


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
