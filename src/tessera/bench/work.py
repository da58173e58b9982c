"""How much work a night is, counted from dbt's manifest instead of measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

# What reads when it is built or run; views pass their readers on.
_STORED = ("table", "incremental", "seed")


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
