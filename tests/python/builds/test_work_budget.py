"""A night's work does not grow unnoticed: nodes, and readers of the long tables."""

import copy
import re
from pathlib import Path

import yaml

from builds.work_budget import HOW_TO_ACCEPT, accept, read_budget
from tessera.bench.work import counted_work, over_budget

ROOT = Path(__file__).parents[3]
# Macros by which a model reads what an earlier night wrote, its own or another's.
LEDGERS = re.compile(
    r"(?:(?:rows|table)_before\(|(?:made_before|remembered_rows)\('\w+', )'(\w+)'"
)


def test_a_night_does_no_more_than_its_budget(manifest):
    counted = counted_work(manifest, list(read_budget()["readers"]))
    accept(counted)
    more = over_budget(counted, read_budget())
    how = HOW_TO_ACCEPT.format(test="tests/python/builds/test_work_budget.py")
    assert not more, "\n".join([how, *more])


def test_the_tables_of_the_budget_are_there(manifest):
    counted = counted_work(manifest, list(read_budget()["readers"]))
    assert [table for table, readers in counted["readers"].items() if not readers] == []


def test_one_reader_more_is_told_by_name(manifest):
    table = "stg_shop__order_lines_judged"
    budget = counted_work(manifest, [table])
    changed = copy.copy(manifest)
    added = {
        "resource_type": "model",
        "config": {"materialized": "table"},
        "depends_on": {"nodes": ["model.tessera.stg_shop__order_lines"]},
    }
    changed["nodes"] = manifest["nodes"] | {"model.tessera.int_added": added}
    more = over_budget(counted_work(changed, [table]), budget)
    before = len(budget["readers"][table])
    assert (
        f"{table}: read by {before} before and {before + 1} now; "
        "new: int_added; gone: none"
    ) in more
    assert any(line.startswith("models: ") for line in more)


def test_the_measured_steps_have_all_that_they_remember(manifest):
    # A ledger that nobody writes makes every night after begin from nothing.
    nodes = manifest["nodes"]
    selector = yaml.safe_load((ROOT / "selectors.yml").read_text(encoding="utf-8"))
    (union,) = [entry["definition"]["union"] for entry in selector["selectors"]]
    chosen, waiting = set(), [f"model.tessera.{entry['value']}" for entry in union]
    while waiting:
        node_id = waiting.pop()
        if node_id in nodes and node_id not in chosen:
            chosen.add(node_id)
            waiting += nodes[node_id]["depends_on"].get("nodes", [])
    remembered = {
        f"model.tessera.{ledger}"
        for node_id in chosen
        for ledger in LEDGERS.findall(nodes[node_id].get("raw_code", ""))
    }
    assert remembered
    assert sorted(remembered - chosen) == []
