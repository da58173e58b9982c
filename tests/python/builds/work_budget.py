"""The work that a night may be: what `work_budget.json` allows."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

BUDGET = Path(__file__).with_name("work_budget.json")
HOW_TO_ACCEPT = (
    "More work for a night than tests/python/builds/work_budget.json allows. Read the "
    "long tables less often; or, where it is worth it, accept the new counts with\n"
    "  TESSERA_ACCEPT_WORK=1 pytest {test}\n"
    "and say in the commit what they are for."
)


def read_budget() -> dict:
    """Read what is allowed."""
    return json.loads(BUDGET.read_text(encoding="utf-8"))


def accept(counted: Mapping) -> None:
    """Allow what was counted, if whoever runs the tests says so."""
    if os.environ.get("TESSERA_ACCEPT_WORK") == "1":
        text = json.dumps(read_budget() | dict(counted), indent=2)
        BUDGET.write_text(text + "\n", encoding="utf-8")
