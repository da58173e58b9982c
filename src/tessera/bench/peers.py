"""The project beside scripts in pandas and Polars, on one planted world."""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click
import duckdb

from tessera.bench.measure import CommandFailedError, Usage, measure_command
from tessera.bench.scoring import measure_scoring
from tessera.bench.worlds import (
    EVENTS_PER_PERSON,
    add_last_load,
    lake_without_last_load,
    make_world,
    remove_last_load,
)
from tessera.project import find_project

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "pandas", "polars", "scikit-learn")
# As many segments as the scripts try; the project's own range is narrower.
SEGMENT_RANGE = "{minimum_segment_count: 3, maximum_segment_count: 12}"
PEER_STEPS = ["--selector", "peer_steps", "--vars", SEGMENT_RANGE]
WITHOUT_TESTS = ["--exclude-resource-types", "test", "unit_test"]
# Waiting threads that spin would count as work on a machine that others use too.
QUIET_THREADS = {"OMP_WAIT_POLICY": "passive"}
LONGEST_SCORING = 1_000_000
SLOWEST_MODELS = 25

FLOOR = "floor, events"
FLOOR_ALL = "floor, all files"
PANDAS = "pandas"
POLARS = "polars"
SAME_STEPS = "tessera, same steps"
SAME_STEPS_NIGHT = "tessera, same steps, the night after"
SAME_STEPS_TESTED = "tessera, same steps with their data tests"
WHOLE = "tessera, whole job"
WHOLE_NIGHT = "tessera, whole job, the night after"
PUBLICATION = "tessera, publication"
# In the order of a round.
STEPS = (
    *(FLOOR, FLOOR_ALL, PANDAS, POLARS, SAME_STEPS, SAME_STEPS_NIGHT),
    *(SAME_STEPS_TESTED, WHOLE, PUBLICATION, WHOLE_NIGHT),
)


@dataclass
class Results:
    """What was measured so far, written down after every step.

    Parameters
    ----------
    path : Path
        JSON file to write.
    facts : dict
        What holds for all runs: size of the world, machine, versions, night.
    runs : dict of str to list
        Usage and rows of each run, by step.
    builds : dict of str to dict
        What dbt says of the last run of a step: seconds and nodes by layer, slowest.
    scoring : dict of str to float
        Median seconds of each way to score.
    failures : dict of str to dict
        Usage until its end of the last run of a step that failed, and why it ended.
    """

    path: Path
    facts: dict[str, Any]
    runs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    builds: dict[str, dict[str, Any]] = field(default_factory=dict)
    scoring: dict[str, float] = field(default_factory=dict)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, step: str, usage: Usage, rows: Mapping[str, Any]) -> None:
        """Note a run and write everything down."""
        # What is resumed may have been measured elsewhere, or at another commit.
        run = _figures(usage) | dict(rows) | _conditions()
        self.runs.setdefault(step, []).append(run)
        self.failures.pop(step, None)
        self.write()

    def add_failure(self, step: str, error: CommandFailedError) -> None:
        """Note a run that failed: how far it came tells of its need too."""
        why = (
            signal.Signals(-error.returncode).name
            if error.returncode < 0
            else f"exit code {error.returncode}"
        )
        self.failures[step] = {"ended_by": why} | _figures(error.usage)
        self.write()

    def write(self) -> None:
        """Write the file, whole or not at all."""
        content = {name: value for name, value in vars(self).items() if name != "path"}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".part")
        draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        draft.replace(self.path)

    @classmethod
    def read(cls, path: Path) -> Results:
        """Read what an earlier run wrote."""
        return cls(path, **json.loads(path.read_text(encoding="utf-8")))

    def median(self, step: str, figure: str) -> float | None:
        """Give the median of a step's figure; None when it was never run."""
        values = [run[figure] for run in self.runs.get(step, []) if figure in run]
        return statistics.median(values) if values else None


class _Bench:
    """One benchmark: where its files are, and how each step is run."""

    def __init__(
        self, results: Results, lake: Path, night: date, scratch: Path, limit: str
    ) -> None:
        self.results = results
        self.lake = lake
        self.nights = (night - timedelta(days=1), night)
        self.scratch = scratch
        self.project = find_project().root
        self.environment = QUIET_THREADS | {
            "TESSERA_LAKE": str(lake),
            "TESSERA_PUBLISHED": str(scratch / "published"),
            "TESSERA_MEMORY_LIMIT": limit,
            "DBT_USE_COLORS": "false",
            "DBT_LOG_LEVEL_FILE": "none",
        }

    def floor(self, which: str) -> Callable[[str], None]:
        """Scan and group the files, bare."""
        return self._script("-m", "tessera.bench.floor", str(self.lake), which)

    def peer(self, name: str) -> Callable[[str], None]:
        """Run a script of `scripts/bench_peers` for the first night."""
        script = self.project / "scripts" / "bench_peers" / f"{name}_job.py"
        out = self.scratch / f"{name}.parquet"
        return self._script(
            str(script), str(self.lake), self.nights[0].isoformat(), str(out)
        )

    def _script(self, *arguments: str) -> Callable[[str], None]:
        def run(step: str) -> None:
            usage = measure_command(
                [sys.executable, *arguments],
                environment=self.environment,
                folder=self.project,
            )
            self.results.add(step, usage, json.loads(usage.output.splitlines()[-1]))

        return run

    def build(
        self, kind: str, options: list[str], *, is_night_after: bool = False
    ) -> Callable[[str], None]:
        """Run `dbt build`; a first night begins without warehouse and saved parse."""

        def run(step: str) -> None:
            folder = self.scratch / kind
            if not is_night_after:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(parents=True)
            environment = self.environment | {
                "TESSERA_WAREHOUSE": str(folder / "bench.duckdb"),
                "DBT_TARGET_PATH": str(folder / "target"),
                "DBT_LOG_PATH": str(folder / "logs"),
                "TESSERA_AS_OF_DATE": self.nights[is_night_after].isoformat(),
            }
            usage = measure_command(
                [sys.executable, "-m", "dbt.cli.main", "build", *options],
                environment=environment,
                folder=self.project,
            )
            self.results.builds[step] = _built(folder / "target")
            # Resumed, results may be of another limit than the one they began with.
            limit = {"memory_limit": environment["TESSERA_MEMORY_LIMIT"]}
            self.results.add(step, usage, _rows(folder / "bench.duckdb") | limit)

        return run

    def publish(self, kind: str) -> Callable[[str], None]:
        """Publish the marts of what `build` made."""

        def run(step: str) -> None:
            folder = self.scratch / kind
            shutil.rmtree(self.scratch / "published", ignore_errors=True)
            usage = measure_command(
                [sys.executable, "-m", "tessera.cli", "publish"],
                environment=self.environment
                | {"TESSERA_WAREHOUSE": str(folder / "bench.duckdb")},
                folder=self.project,
            )
            self.results.add(step, usage, {})

        return run


def bench_peers(
    events: int,
    *,
    worlds: Path,
    out: Path,
    repeats: int,
    memory_limit: str,
    only: tuple[str, ...] = (),
    resume: bool = False,
) -> Results:
    """Measure every step in a process of its own, in turn, several times.

    Parameters
    ----------
    events : int
        Size of the world; one with so many is generated when it is not there.
    worlds : Path
        Folder that keeps worlds.
    out : Path
        JSON file that is written after every step.
    repeats : int
        Rounds; in each, every step runs once.
    memory_limit : str
        DuckDB's, as `TESSERA_MEMORY_LIMIT` sets it.
    only : tuple of str
        Beginnings of the names of the steps to run; all when empty.
    resume : bool
        Whether to go on from what `out` holds; steps run often enough are not run
        again.

    Returns
    -------
    Results
        All runs; a step that failed says so on standard error and stands apart.
    """
    # Told to end, leave no command and no second lake behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    whole = make_world(worlds, events, find_project().root)
    with lake_without_last_load(whole, whole.parent / "scratch" / "lake") as (
        lake,
        last_load,
    ):
        results = (
            Results.read(out)
            if resume and out.exists()
            else Results(out, _facts(events, last_load, memory_limit))
        )
        bench = _Bench(results, lake, last_load, lake.parent, memory_limit)
        for _ in range(repeats):
            remove_last_load(lake, last_load)
            run_round(results, _steps(bench, whole, last_load), repeats, only)
        if not results.scoring and (not only or "scoring".startswith(only)):
            persons = min(events // EVENTS_PER_PERSON, LONGEST_SCORING)
            results.scoring = measure_scoring(persons, max(3, repeats))
            results.write()
    shutil.rmtree(whole.parent / "scratch", ignore_errors=True)
    return results


@dataclass(frozen=True)
class Step:
    """One line of the results.

    Parameters
    ----------
    name : str
        What the results call it.
    run : callable
        Runs it and notes what it used; raises CalledProcessError when it fails.
    after : str, optional
        Step of the same round whose warehouse it goes on with.
    """

    name: str
    run: Callable[[str], None]
    after: str | None = None


def run_round(
    results: Results, steps: list[Step], repeats: int, only: tuple[str, ...] = ()
) -> None:
    """Run every step once that was not run often enough, and what it goes on from.

    Parameters
    ----------
    results : Results
        What was measured before.
    steps : list of Step
        In order.
    repeats : int
        How often is enough.
    only : tuple of str
        Beginnings of the names of the steps asked for, in whatever case; all when
        empty.
    """
    only = tuple(beginning.casefold() for beginning in only)
    wanted = {
        step.name
        for step in steps
        if (not only or step.name.casefold().startswith(only))
        and len(results.runs.get(step.name, [])) < repeats
    }
    wanted |= {step.after for step in steps if step.name in wanted and step.after}
    ended_well = {None}
    for step in steps:
        if step.name in wanted and step.after in ended_well and _attempt(results, step):
            ended_well.add(step.name)


def _steps(bench: _Bench, whole: Path, last_load: date) -> list[Step]:
    """List the steps of a round in order."""

    def before(run: Callable[[str], None]) -> Callable[[str], None]:
        def without_last_load(step: str) -> None:
            remove_last_load(bench.lake, last_load)
            run(step)

        return without_last_load

    def after(run: Callable[[str], None]) -> Callable[[str], None]:
        def with_last_load(step: str) -> None:
            add_last_load(whole, bench.lake, last_load)
            run(step)

        return with_last_load

    same_steps = [*PEER_STEPS, *WITHOUT_TESTS]
    same_night = bench.build("steps", same_steps, is_night_after=True)
    whole_night = bench.build("whole", [], is_night_after=True)
    return [
        Step(FLOOR, before(bench.floor("events"))),
        Step(FLOOR_ALL, before(bench.floor("all"))),
        Step(PANDAS, before(bench.peer("pandas"))),
        Step(POLARS, before(bench.peer("polars"))),
        Step(SAME_STEPS, before(bench.build("steps", same_steps))),
        Step(SAME_STEPS_NIGHT, after(same_night), after=SAME_STEPS),
        Step(SAME_STEPS_TESTED, before(bench.build("tested", PEER_STEPS))),
        Step(WHOLE, before(bench.build("whole", []))),
        Step(PUBLICATION, bench.publish("whole"), after=WHOLE),
        Step(WHOLE_NIGHT, after(whole_night), after=WHOLE),
    ]


def _attempt(results: Results, step: Step) -> bool:
    """Run a step; one that fails is told of, and the others go on."""
    click.echo(f"{step.name} ...", err=True)
    try:
        step.run(step.name)
    except CommandFailedError as error:
        said = f"{error.output or ''}\n{error.stderr or ''}".strip().splitlines()
        click.echo("\n".join([f"{step.name} failed:", *said[-40:]]), err=True)
        results.add_failure(step.name, error)
        return False
    return True


def _figures(usage: Usage) -> dict[str, float]:
    """Round what a command used; the seconds of a shared machine are others' too."""
    figures = {
        name: round(value, 2)
        for name, value in asdict(usage).items()
        if name != "output"
    }
    return figures | {"load_average": round(os.getloadavg()[0], 1)}


def _facts(events: int, last_load: date, memory_limit: str) -> dict[str, Any]:
    """Describe the world and the machine; no name of it, no path."""
    return {
        "events": events,
        "persons": events // EVENTS_PER_PERSON,
        "last_load": last_load.isoformat(),
        "memory_limit": memory_limit,
        "cores": os.cpu_count(),
        "memory_gigabytes": round(
            int(_first("/proc/meminfo", "MemTotal", "0").split()[0]) / 1024**2, 1
        ),
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PACKAGES},
    } | _conditions()


def _conditions() -> dict[str, str]:
    """Describe what may be other when results are resumed."""
    return {
        "processor": _first("/proc/cpuinfo", "model name", "unknown"),
        "threads": os.environ.get("TESSERA_THREADS", "4"),
        "close_every": os.environ.get("TESSERA_CLOSE_EVERY", "0"),
        "commit": _commit(),
    }


def _first(file: str, name: str, otherwise: str) -> str:
    """Read the first line of a system file with a name."""
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return otherwise


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str:
    """Name the commit that is measured."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=7"],
        cwd=find_project().root,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _rows(warehouse: Path) -> dict[str, int]:
    """Count who was scored and assigned."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (scored, assigned, segments) = connection.execute(
            """
            select
                (select count(*) from segments.seg_rfm_scores),
                (select count(*) from segments.seg_behaviour_scores),
                (select count(distinct segment_number)
                    from segments.seg_behaviour_scores)
            """
        ).fetchall()[0]
    size = warehouse.stat().st_size
    return {
        "persons": scored,
        "assigned": assigned,
        "segments": segments,
        "warehouse_megabytes": round(size / 1e6),
    }


def _built(target: Path) -> dict[str, Any]:
    """Sum dbt's own seconds by layer; nodes run side by side, so they overlap."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    seconds: dict[str, float] = defaultdict(float)
    nodes: Counter[str] = Counter()
    models = {}
    for result in results["results"]:
        node = manifest["nodes"].get(result["unique_id"])
        if node is None:
            continue
        layer = _layer(node)
        seconds[layer] += result["execution_time"]
        nodes[layer] += 1
        if node["resource_type"] == "model":
            models[node["name"]] = round(result["execution_time"], 2)
    slowest = sorted(models.items(), key=lambda pair: -pair[1])[:SLOWEST_MODELS]
    return {
        "seconds_of_nodes": round(results["elapsed_time"], 2),
        "layers": {
            layer: {"nodes": nodes[layer], "seconds": round(spent, 2)}
            for layer, spent in sorted(seconds.items(), key=lambda pair: -pair[1])
        },
        "slowest": dict(slowest),
    }


def _layer(node: Mapping[str, Any]) -> str:
    """Name a node's layer; identity and the fits of a model stand apart."""
    if node["resource_type"] != "model":
        return f"{node['resource_type']}s"
    layer, *folders = node["fqn"][1:-1]
    if layer == "intermediate" and folders:
        return f"{layer}: {folders[0]}"
    if layer == "fits" and folders:
        return f"{layer}: {folders[-1]}"
    return layer
