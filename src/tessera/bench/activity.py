"""Staging and activity of web events, beside the bare scan-and-group of the files."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import duckdb

from tessera.bench.measure import markdown_table
from tessera.project import find_project

# The models that make a day's activity of the raw events, in order; the first two are
# views that the others read.
VIEWS = ["stg_web__events_normalised", "stg_web__events_sound"]
TABLES = [
    "stg_web__visitor_days",
    "stg_web__events_doubtful",
    "stg_web__events_refused",
]
ACTIVITY = "int_web_activity_daily"
BESIDE = ["stg_ingest__lake_loads", "stg_ingest__replayed_rows"]


def bench_activity(runs: int) -> str:
    """Measure the lake's web events: staging, activity, and the floor.

    Parameters
    ----------
    runs : int
        Rounds; in each, the floor and every model's compiled SQL run once, in turn,
        on one connection.

    Returns
    -------
    str
        A Markdown table of median seconds on the clock and of the processors, each with
        its ratio to the floor, which is ``select visitor_id, day, count(*)`` grouped by
        the two, over the same files. On a busy machine the processors' ratio is the
        steadier one.
    """
    project = find_project()
    with tempfile.TemporaryDirectory() as scratch:
        warehouse = Path(scratch) / "bench.duckdb"
        queries = _compile(warehouse, Path(scratch))
        files = project.lake / "web" / "events" / "*" / "*.parquet"
        queries = {
            "floor: bare group by visitor and day": (
                "select visitor_id, event_at::date as event_on, count(*) as events "
                f"from read_parquet('{files}') group by visitor_id, event_at::date"
            ),
            **queries,
        }
        seconds = {name: ([], []) for name in queries}
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("set preserve_insertion_order = false")
            (events,) = connection.execute(
                f"select count(*) from read_parquet('{files}')"
            ).fetchall()[0]
            for _ in range(runs):
                for name, query in queries.items():
                    clocks = (time.perf_counter, time.process_time)
                    started = [clock() for clock in clocks]
                    connection.execute(f"create or replace temp table made as {query}")
                    for spent, clock, start in zip(
                        seconds[name], clocks, started, strict=True
                    ):
                        spent.append(clock() - start)
    medians = {
        name: [statistics.median(values) for values in spent]
        for name, spent in seconds.items()
    }
    floor, *parts = medians.values()
    medians["staging and activity"] = [
        sum(values) for values in zip(*parts, strict=True)
    ]
    rows = [
        [
            name,
            *(
                cell
                for value, least in zip(values, floor, strict=True)
                for cell in (f"{value:.2f}", f"{value / least:.1f}")
            ),
        ]
        for name, values in medians.items()
    ]
    return markdown_table(
        [
            f"{events:,} web events",
            *("seconds", "times the floor"),
            *("CPU seconds", "times the floor"),
        ],
        rows,
    )


def _compile(warehouse: Path, scratch: Path) -> dict[str, str]:
    """Build the models once, and read the SQL that dbt made of each."""
    models = [*BESIDE, *VIEWS, *TABLES, ACTIVITY]
    subprocess.run(
        ["dbt", "--quiet", "run", "--select", " ".join(models)],
        cwd=find_project().root,
        env={
            **os.environ,
            "TESSERA_WAREHOUSE": str(warehouse),
            "DBT_TARGET_PATH": str(scratch / "target"),
            "DBT_LOG_PATH": str(scratch / "logs"),
        },
        check=True,
        capture_output=True,
    )
    compiled = scratch / "target" / "compiled"
    return {
        name: next(compiled.rglob(f"{name}.sql")).read_text(encoding="utf-8")
        for name in [*TABLES, ACTIVITY]
    }
