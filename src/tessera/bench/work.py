"""How much work a night is, counted instead of measured."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

# What reads when it is built or run; views pass their readers on.
_STORED = ("table", "incremental", "seed")
# Files of the lake, all or one day's: of which source, and of which of its tables.
_LAKE_FILES = re.compile(r"([^/]+)/([^/]+)/(?:\*|loaded_on=[^/]*)/")
# What the profile calls the rows that a scan read and gave: DuckDB 2, and before.
_ROWS_READ = ("rows_scanned", "operator_rows_scanned")
_ROWS_GIVEN = ("intermediate_rows", "operator_cardinality")
# What a scan does without working on the rows.
_SCANNING = {"SEQ_SCAN", "FILTER", "PROJECTION"}
# A share by which a table may be read more often: estimates of rows move a little.
_LEEWAY = 0.05


def count_readers(manifest: Mapping[str, Any]) -> dict[str, set[str]]:
    """Find who reads each stored table, straight or through views.

    Parameters
    ----------
    manifest : mapping
        Content of dbt's ``manifest.json``.

    Returns
    -------
    dict of str to set of str
        By the name of a model or seed, or ``source.table``: names of the models and
        data tests that read it. A data test is a reader of what it tests and of what
        it compares that with.

    Examples
    --------
    >>> def node(kind, stored, *parents):
    ...     return {
    ...         "resource_type": kind,
    ...         "config": {"materialized": stored},
    ...         "depends_on": {"nodes": list(parents)},
    ...     }
    >>> nodes = {
    ...     "model.p.days": node("model", "table", "source.p.web.events"),
    ...     "model.p.shown": node("model", "view", "model.p.days"),
    ...     "test.p.shown_unique.1a": node("test", "test", "model.p.shown"),
    ... }
    >>> readers = count_readers({"nodes": nodes})
    >>> sorted(readers)
    ['days', 'web.events']
    >>> readers["days"]
    {'shown_unique'}
    """
    nodes = manifest["nodes"]
    readers: dict[str, set[str]] = defaultdict(set)
    for node_id, node in nodes.items():
        if node["resource_type"] == "test" or _is_stored_model(node):
            for parent in node["depends_on"]["nodes"]:
                for table in _tables_behind(parent, nodes):
                    readers[_name(table)].add(_name(node_id))
    return dict(readers)


def count_nodes(manifest: Mapping[str, Any]) -> dict[str, int]:
    """Count what a night builds and runs.

    Parameters
    ----------
    manifest : mapping
        Content of dbt's ``manifest.json``.

    Returns
    -------
    dict of str to int
        Models by how they are stored, and data tests.
    """
    counts: dict[str, int] = defaultdict(int)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            counts["models"] += 1
            counts[f"models stored as {node['config']['materialized']}"] += 1
        elif node["resource_type"] == "test":
            counts["data tests"] += 1
    return dict(sorted(counts.items()))


def counted_work(manifest: Mapping[str, Any], tables: list[str]) -> dict[str, Any]:
    """Count nodes, and who reads each of some tables.

    Parameters
    ----------
    manifest : mapping
        Content of dbt's ``manifest.json``.
    tables : list of str
        Names of models, or ``source.table``.

    Returns
    -------
    dict
        `nodes` as `count_nodes` gives them; `readers` with the sorted names of the
        readers of each table, none for a table that is not there.
    """
    readers = count_readers(manifest)
    return {
        "nodes": count_nodes(manifest),
        "readers": {table: sorted(readers.get(table, ())) for table in sorted(tables)},
    }


def over_budget(counted: Mapping[str, Any], budget: Mapping[str, Any]) -> list[str]:
    """Say where there is more work than there may be.

    Parameters
    ----------
    counted, budget : mapping
        As `counted_work` gives them. Less work than the budget is welcome.

    Returns
    -------
    list of str
        One line for each kind of node and each table; empty within the budget.

    Examples
    --------
    >>> budget = {"nodes": {"models": 2}, "readers": {"days": ["a"]}}
    >>> counted = {"nodes": {"models": 2}, "readers": {"days": ["a", "b"]}}
    >>> over_budget(counted, budget)
    ['days: read by 1 before and 2 now; new: b; gone: none']
    """
    lines = []
    for kind, count in counted["nodes"].items():
        allowed = budget["nodes"].get(kind, 0)
        if count > allowed:
            lines.append(f"{kind}: {allowed} before and {count} now")
    for table, readers in counted["readers"].items():
        allowed = budget["readers"][table]
        if len(readers) > len(allowed):
            new = ", ".join(sorted(set(readers) - set(allowed))) or "none"
            gone = ", ".join(sorted(set(allowed) - set(readers))) or "none"
            lines.append(
                f"{table}: read by {len(allowed)} before and {len(readers)} now; "
                f"new: {new}; gone: {gone}"
            )
    return lines


def count_rows_read(
    connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str]
) -> dict[str, dict[str, int]]:
    """Run statements, and count how many rows of each table each of them reads.

    What a filter lets the engine skip by a file's or a row group's bounds is not read.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The warehouse; nothing is written.
    statements : mapping of str to str
        SQL of queries, by the name of who asks.

    Returns
    -------
    dict of str to dict of str to int
        Rows by name, by table (a model, or ``source.table`` of the lake). Of files
        those that pass the filters which the engine holds against them as it reads;
        how many there were it only estimates.

    Raises
    ------
    duckdb.Error
        If a statement fails.

    Examples
    --------
    >>> connection = duckdb.connect()
    >>> days = connection.execute("create table days as select * from range(10)")
    >>> count_rows_read(connection, {"total": "select sum(range) from days"})
    {'days': {'total': 10}}
    """
    read: dict[str, dict[str, int]] = defaultdict(dict)
    for name, sql in statements.items():
        ((_, profile),) = connection.execute(
            f"explain (analyze, format json) {sql}"
        ).fetchall()
        root = json.loads(profile)
        # DuckDB 2 sets other figures beside the operators.
        for operator in root.get("operator", [root]):
            for table, rows in _scans(operator):
                read[table][name] = read[table].get(name, 0) + rows
    return dict(read)


def read_too_often(
    rows_read: Mapping[str, Mapping[str, int]],
    row_counts: Mapping[str, int],
    budget: Mapping[str, float],
) -> list[str]:
    """Say which tables are read more often than they may be.

    Parameters
    ----------
    rows_read : mapping
        As `count_rows_read` gives them.
    row_counts : mapping of str to int
        Rows that each table has; at least one.
    budget : mapping of str to float
        How often a table may be read, all statements together; others as often as they
        like.

    Returns
    -------
    list of str
        One line for each table, with those who read it most; empty within the budget.

    Examples
    --------
    >>> rows_read = {"days": {"totals": 20, "days_unique": 10}}
    >>> read_too_often(rows_read, {"days": 10}, {"days": 2})
    ['days: read 2 times before and 3.0 now; most by totals (2.0), days_unique (1.0)']
    >>> read_too_often(rows_read, {"days": 10}, {"days": 3})
    []
    """
    lines = []
    for table in rows_read.keys() & budget.keys():
        allowed, readers = budget[table], rows_read[table]
        times = sum(readers.values()) / row_counts[table]
        if times > allowed * (1 + _LEEWAY):
            most = sorted(readers.items(), key=lambda reader: -reader[1])[:5]
            told = ", ".join(
                f"{name} ({rows / row_counts[table]:.1f})" for name, rows in most
            )
            lines.append(
                f"{table}: read {allowed} times before and {times:.1f} now; "
                f"most by {told}"
            )
    return sorted(lines)


def tables_copied(
    connection: duckdb.DuckDBPyConnection, statements: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Find which statements keep rows of a table in memory just as they stand there.

    DuckDB does so with a CTE that only scans, where several others read it. A view
    counts with those who read it; one that was read from a file has forgotten which of
    its CTEs are ``not materialized``, so it has to be made anew before.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        The warehouse; nothing is run.
    statements : mapping of str to str
        SQL of queries, by the name of who asks.

    Returns
    -------
    dict of str to dict of str to str
        By who asks, where there are any: the table, by the name of the CTE.

    Raises
    ------
    duckdb.Error
        If a statement is none.

    Examples
    --------
    >>> connection = duckdb.connect()
    >>> days = connection.execute("create table days as select * from range(10)")
    >>> copying = "with d as (select * from days) select * from d, d as e"
    >>> inlined = copying.replace("as (", "as not materialized (")
    >>> tables_copied(connection, {"a": copying, "b": inlined})
    {'a': {'d': 'days'}}
    """
    copied: dict[str, dict[str, str]] = defaultdict(dict)
    for name, sql in statements.items():
        ((_, plan),) = connection.execute(f"explain (format json) {sql}").fetchall()
        for operator in _operators(json.loads(plan)):
            cte = operator.get("extra_info", {}).get("CTE Name")
            kept = list(_operators(operator["children"][:1])) if cte else []
            if cte and {below["name"].strip() for below in kept} <= _SCANNING:
                copied[name][cte] = _table(kept[-1])
    return dict(copied)


def _operators(plan: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give all operators of a plan, each before those that it reads."""
    for operator in plan:
        yield operator
        yield from _operators(operator.get("children", ()))


def _scans(operator: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Give the name of every table that a profiled operator reads, with the rows."""
    table = _table(operator)
    if table:
        yield table, _figure(operator, _ROWS_GIVEN if "." in table else _ROWS_READ)
    for below in operator.get("children", ()):
        yield from _scans(below)


def _table(operator: Mapping[str, Any]) -> str | None:
    """Name the table that an operator scans, or `source.table` of the lake."""
    told = operator.get("extra_info") or {}
    lake_files = _LAKE_FILES.search(str(told.get("Filename(s)", "")))
    if lake_files:
        return ".".join(lake_files.groups())
    table = told.get("Table")
    return table and table.rpartition(".")[2].strip('"')


def _figure(operator: Mapping[str, Any], names: tuple[str, ...]) -> int:
    """Give an operator's figure by the one of its names that it has."""
    (figure,) = (operator[name] for name in names if name in operator)
    return figure


def _tables_behind(node_id: str, nodes: Mapping[str, Any]) -> list[str]:
    """List the stored tables that reading a node reads."""
    node = nodes.get(node_id)
    if node is None or node["config"]["materialized"] in _STORED:
        return [node_id]
    parents = node["depends_on"]["nodes"]
    return [table for parent in parents for table in _tables_behind(parent, nodes)]


def _is_stored_model(node: Mapping[str, Any]) -> bool:
    return (
        node["resource_type"] == "model" and node["config"]["materialized"] in _STORED
    )


def _name(node_id: str) -> str:
    """Name a node as a person does: a model, a test, or `source.table`."""
    kind, _, *rest = node_id.split(".")
    return ".".join(rest) if kind == "source" else rest[0]
