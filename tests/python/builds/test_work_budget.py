"""A night's work does not grow unnoticed: nodes, and readers of the long tables."""

import copy

from builds.work_budget import HOW_TO_ACCEPT, accept, read_budget
from tessera.bench.work import counted_work, over_budget


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
