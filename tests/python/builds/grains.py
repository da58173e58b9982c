"""Grains of views that only an edit can break: a night does not ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import duckdb

# Fewer keys would show little.
FEWEST_KEYS = 100


def views_by_construction(manifest: Mapping) -> Iterator[tuple[str, str, dict]]:
    """Give the layer and the name of every such view, and the arguments of its test."""
    # A night leaves these tests out, so that they are disabled.
    for test in chain.from_iterable(manifest["disabled"].values()):
        metadata = test.get("test_metadata", {})
        if metadata.get("name") == "unique_by_construction":
            view = manifest["nodes"][test["attached_node"]]
            layer = view["original_file_path"].split("/")[1]
            yield layer, f"{view['schema']}.{view['name']}", metadata["kwargs"]


def assert_grain_holds(
    connection: duckdb.DuckDBPyConnection, view: str, arguments: Mapping
) -> None:
    """Fail where a view has a key twice, a null that may not be, or hardly any rows."""
    key = ", ".join(arguments["columns"])
    nulls = [f"{column} is null" for column in arguments.get("never_null", [])]
    rows = connection.sql(f"select * from {view}")
    assert rows.filter(" or ".join(nulls) or "false").fetchall() == [], view
    keys = rows.aggregate(f"{key}, count(*) as row_count")
    assert keys.filter("row_count > 1").fetchall() == [], view
    assert keys.count("*").fetchall()[0] > (FEWEST_KEYS,), view
