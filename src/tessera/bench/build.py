"""Parse and cold build of the project, measured as separate processes."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tessera.bench.measure import markdown_table, measure_command
from tessera.project import find_project


def bench_build(runs: int) -> str:
    """Build the lake as it is into an empty warehouse, several times.

    Parameters
    ----------
    runs : int
        How often; each starts without a warehouse and without a saved parse.

    Returns
    -------
    str
        A Markdown table of medians: seconds and peak memory.
    """
    project = find_project()
    usages = {"dbt parse": [], "dbt build, all tests": []}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as scratch:
            environment = {
                "TESSERA_WAREHOUSE": str(Path(scratch) / "bench.duckdb"),
                "DBT_TARGET_PATH": str(Path(scratch) / "target"),
                "DBT_LOG_PATH": str(Path(scratch) / "logs"),
            }
            for name, command in (
                ("dbt parse", ["dbt", "parse"]),
                ("dbt build, all tests", ["dbt", "build"]),
            ):
                usages[name].append(
                    measure_command(
                        command, environment=environment, folder=project.root
                    )
                )
    return markdown_table(
        ["command", "seconds", "peak MB"],
        [
            [
                name,
                f"{statistics.median(usage.seconds for usage in measured):.1f}",
                f"{statistics.median(u.peak_megabytes for u in measured):,.0f}",
            ]
            for name, measured in usages.items()
        ],
    )
