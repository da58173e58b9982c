"""The least that any of the ways has to do: scan the files and group them.

Run as a process of its own: ``python -m tessera.bench.floor LAKE``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

# Tables that grow with time, and what their rows are grouped by.
GROUPINGS = {
    "web/events": "visitor_id, event_at::date",
    "email/events": "email, event_at::date",
    "social/engagements": "profile_id, engaged_at::date",
    "ads/events": "visitor_id, event_at::date",
    "shop/orders": "customer_id, ordered_at::date",
    "shop/order_lines": "order_id",
}
EVENT_TABLES = ("web/events", "email/events", "social/engagements", "ads/events")


def scan_and_group(lake: Path, tables: list[str]) -> dict[str, int]:
    """Group every table's rows by whose and of what day they are, bare.

    Parameters
    ----------
    lake : Path
        Root of the lake.
    tables : list of str
        Names out of `GROUPINGS`.

    Returns
    -------
    dict
        Rows read (`rows_in`) and groups made (`rows_out`).
    """
    rows_in = rows_out = 0
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        for table in tables:
            files = lake / table / "*" / "*.parquet"
            keys = GROUPINGS[table]
            connection.execute(
                f"create or replace table grouped as select {keys}, count(*) as rows "
                f"from read_parquet('{files}') group by {keys}"
            )
            read, made = connection.execute(
                "select coalesce(sum(rows), 0), count(*) from grouped"
            ).fetchall()[0]
            rows_in, rows_out = rows_in + int(read), rows_out + made
    return {"rows_in": rows_in, "rows_out": rows_out}


if __name__ == "__main__":
    lake, which = sys.argv[1:]
    tables = EVENT_TABLES if which == "events" else GROUPINGS
    print(json.dumps(scan_and_group(Path(lake), list(tables))))
