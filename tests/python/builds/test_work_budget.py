"""A night's work does not grow unnoticed: nodes, and readers of the long tables."""

import copy
import json
import os
from pathlib import Path

from tessera.bench.work import counted_work, over_budget

BUDGET = Path(__file__).with_name("work_budget.json")
HOW_TO_ACCEPT = (
    "More work for a night than tests/python/builds/work_budget.json allows. Read the "
    "long tables less often; or, where it is worth it, accept the new counts with\n"
    "  TESSERA_ACCEPT_WORK=1 pytest tests/python/builds/test_work_budget.py\n"
    "and say in the commit what they are for."
)


def test_a_night_does_no_more_than_its_budget(manifest):
    budget = json.loads(BUDGET.read_text())
    counted = counted_work(manifest, list(budget["readers"]))
    if os.environ.get("TESSERA_ACCEPT_WORK") == "1":
        BUDGET.write_text(json.dumps(counted, indent=2) + "\n")
        budget = counted
    more = over_budget(counted, budget)
    assert not more, "\n".join([HOW_TO_ACCEPT, *more])


def test_the_tables_of_the_budget_are_there(manifest):
    budget = json.loads(BUDGET.read_text())
    counted = counted_work(manifest, list(budget["readers"]))
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
