"""The benchmark's own parts: what it measures with, keeps, and holds side by side."""

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from tessera.bench.comparison import compare_results, comparison_tables
from tessera.bench.measure import (
    CommandFailedError,
    Usage,
    descendants,
    measure_command,
)
from tessera.bench.peers import PANDAS, SAME_STEPS, Results, Step, run_round
from tessera.bench.work import count_rows_read
from tessera.bench.worlds import (
    add_last_load,
    lake_without_last_load,
    remove_last_load,
)
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake
from tessera.world import generate_world

ROOT = Path(__file__).parents[2]
USAGE = Usage(
    seconds=10, cpu_seconds=8, peak_megabytes=100, read_megabytes=5, output=""
)
FACTS = {"events": 1000, "commit": "first"}


@pytest.fixture
def lake(tmp_path):
    for day in ("1970-01-01", "2024-01-01", "2024-01-02"):
        for table in ("web/events", "shop/orders"):
            folder = tmp_path / "lake" / table / f"loaded_on={day}"
            folder.mkdir(parents=True)
            (folder / "part.parquet").write_text(day)
    return tmp_path / "lake"


def test_memory_and_time_of_what_a_command_starts_are_its_own():
    grandchild = "import time; room = bytearray(150_000_000); time.sleep(1.5)"
    child = (
        f"import subprocess; subprocess.run([{sys.executable!r}, '-c', {grandchild!r}])"
    )
    usage = measure_command([sys.executable, "-c", child], environment={}, folder=ROOT)
    assert usage.peak_megabytes > 150
    assert usage.seconds > 1.5
    assert usage.cpu_seconds < usage.seconds


def test_bytes_that_a_command_reads_are_counted(tmp_path):
    (tmp_path / "data").write_bytes(bytes(20_000_000))
    code = "import time; len(open('data', 'rb').read()); time.sleep(0.6); print('read')"
    usage = measure_command(
        [sys.executable, "-c", code], environment={}, folder=tmp_path
    )
    assert 20 <= usage.read_megabytes < 40
    assert usage.output == "read\n"


def test_a_command_that_fails_says_why(tmp_path):
    code = "import sys; print('as far as it came'); sys.exit('the seed is missing')"
    with pytest.raises(CommandFailedError) as failure:
        measure_command([sys.executable, "-c", code], environment={}, folder=tmp_path)
    assert failure.value.__notes__ == ["as far as it came\nthe seed is missing"]
    assert failure.value.usage.peak_megabytes > 1


def test_a_measurement_broken_off_ends_its_command(tmp_path):
    # Looked for before it runs, it might be broken off before it is measured.
    runs = tmp_path / "runs"
    command = (
        "import pathlib, time; time.sleep(1);"
        f"pathlib.Path({str(runs)!r}).touch(); time.sleep(60)"
    )
    # Started in the background, pytest may have been told to ignore an interrupt.
    measured = f"""
import signal
import sys
from pathlib import Path
from tessera.bench.measure import measure_command
signal.signal(signal.SIGINT, signal.default_int_handler)
measure_command([sys.executable, "-c", {command!r}], environment={{}}, folder=Path("."))
"""
    with subprocess.Popen(
        [sys.executable, "-c", measured], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as bench:
        child = wait_for_child(bench.pid)
        assert within(30, runs.exists)
        bench.send_signal(signal.SIGINT)
        bench.wait(timeout=30)
    assert within(20, lambda: not (Path("/proc") / str(child)).exists())


def wait_for_child(parent):
    def children():
        return [number for number in descendants(parent) if number != parent]

    (child,) = within(30, children)
    return child


def within(seconds, condition):
    until = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def test_a_lake_without_its_last_load_shares_the_other_files(lake, tmp_path):
    with lake_without_last_load(lake, tmp_path / "scratch") as (before, last_load):
        assert last_load == date(2024, 1, 2)
        files = sorted(file.relative_to(before) for file in before.rglob("*.parquet"))
        assert [file.parent.name[-10:] for file in files] == [
            *("1970-01-01", "2024-01-01"),
            *("1970-01-01", "2024-01-01"),
        ]
        assert (lake / files[0]).samefile(before / files[0])
        for _ in range(2):
            add_last_load(lake, before, last_load)
            assert len([*before.rglob("*.parquet")]) == 6
        remove_last_load(before, last_load)
        assert len([*before.rglob("*.parquet")]) == 4
    assert len([*lake.rglob("*.parquet")]) == 6
    assert not before.exists()


def test_results_are_there_after_every_step(tmp_path):
    results = Results(tmp_path / "1000.json", FACTS)
    results.add(PANDAS, USAGE, {"persons": 7})
    kept = Results.read(results.path)
    assert kept.runs[PANDAS][0]["persons"] == 7
    kept.add(PANDAS, replace(USAGE, seconds=30), {"persons": 7})
    kept.add(PANDAS, replace(USAGE, seconds=11), {"persons": 7})
    assert Results.read(results.path).median(PANDAS, "seconds") == 11
    assert "output" not in json.loads(results.path.read_text())["runs"][PANDAS][0]


def test_a_night_is_never_measured_without_the_one_before(tmp_path):
    results = Results(tmp_path / "1000.json", FACTS)
    run = []

    def note(step):
        run.append(step)
        results.add(step, USAGE, {})

    def fail(step):
        raise CommandFailedError(USAGE, -signal.SIGKILL, step, "", "")

    night = Step("night", note, after="first")
    run_round(results, [Step("first", note), night, Step("other", note)], 1)
    assert run == ["first", "night", "other"]
    run_round(results, [Step("first", note), night], 1)
    assert run == ["first", "night", "other"]
    # Killed after the first night, its warehouse is gone.
    del results.runs["night"]
    run_round(results, [Step("first", note), night], 1, only=("night",))
    assert run[3:] == ["first", "night"]
    run_round(results, [Step("first", fail), night, Step("other", note)], 3)
    assert run[5:] == ["other"]
    assert Results.read(results.path).failures["first"]["ended_by"] == "SIGKILL"
    assert "| first | SIGKILL | 10.0 | 100 |" in comparison_tables(results)
    run_round(results, [Step("first", note)], 9, only=("FIRST",))
    assert run[6:] == ["first"]
    assert not results.failures


def test_tests_of_the_same_steps_look_at_no_other_node(new_workspace):
    workspace = new_workspace("same_steps")
    shutil.copy(ROOT / "selectors.yml", workspace.root)
    said = workspace.dbt(
        "--quiet", "ls", "--selector", "peer_steps",
        "--exclude-resource-types", "unit_test",
        "--output", "json", "--output-keys", "unique_id", "depends_on",
    ).log  # fmt: skip
    nodes = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    chosen = {node["unique_id"] for node in nodes}
    needed = {
        node["unique_id"]: set(node["depends_on"]["nodes"])
        for node in nodes
        if node["unique_id"].startswith("test.")
    }
    assert len(needed) > 100
    assert {test for test, others in needed.items() if others - chosen} == set()


def test_ratios_come_first_and_what_is_not_measured_has_a_dash(tmp_path):
    results = Results(tmp_path / "1000.json", FACTS)
    results.add(PANDAS, replace(USAGE, seconds=25), {"persons": 7})
    results.add(SAME_STEPS, USAGE, {"persons": 6})
    ratios, medians = comparison_tables(results).split("\n\n")
    assert "| pandas beside the same steps | 2.50 | 1.00 | 1.00 |" in ratios
    assert "| Polars beside the same steps | - | - | - |" in ratios
    assert "| pandas | 1 | 25.0 | 8.0 | 100 | 5 | 7 |" in medians


def test_two_commits_are_held_against_each_other(tmp_path):
    before = Results(tmp_path / "old.json", FACTS)
    after = Results(tmp_path / "new.json", FACTS | {"commit": "second"})
    before.add(PANDAS, USAGE, {})
    after.add(PANDAS, replace(USAGE, seconds=5), {})
    after.add(SAME_STEPS, USAGE, {})
    table = compare_results(before, after)
    assert "first → second" in table
    assert "| pandas | 0.50 | 1.00 | 1.00 |" in table
    assert f"| {SAME_STEPS} | - | - | - |" in table


@pytest.mark.slow
def test_both_scripts_make_the_same_persons(tmp_path):
    pytest.importorskip("polars", reason="Polars comes with the extra `bench`")
    generate_world(
        persons=2_000, days=90, seed=1, out=tmp_path / "lake", events_per_person_day=0.1
    )
    initialise_lake(tmp_path / "lake", read_contracts(ROOT))
    made = {}
    for name in ("pandas", "polars"):
        out = tmp_path / f"{name}.parquet"
        script = f"scripts/bench_peers/{name}_job.py"
        usage = measure_command(
            [
                sys.executable,
                str(script),
                str(tmp_path / "lake"),
                "2024-03-30",
                str(out),
            ],
            environment={},
            folder=ROOT,
        )
        figures = json.loads(usage.output)
        made[name] = pd.read_parquet(out).set_index("customer_id").sort_index()
        assert figures["persons"] == len(made[name]) > 500
        assert 3 <= figures["segments"] <= 12
    one, other = made.values()
    assert one.index.equals(other.index)
    assert set(one.columns) == set(other.columns)
    for column in one.columns.drop("segment"):
        is_near = (one[column] - other[column]).abs() <= 1e-6 * one[column].abs() + 1e-9
        agree = is_near | (one[column].isna() & other[column].isna())
        assert agree.mean() > 0.98, column


def test_rows_read_are_counted_of_all_files_of_a_table_and_of_a_day(tmp_path):
    with duckdb.connect() as db:
        for day in ("2024-01-01", "2024-01-02"):
            folder = tmp_path / "web" / "events" / f"loaded_on={day}"
            folder.mkdir(parents=True)
            db.execute(f"copy (from range(50)) to '{folder}/events.parquet'")
        table = f"read_parquet('{tmp_path}/web/events/*/*.parquet')"
        whole = f"select sum(range) from {table}"
        read = count_rows_read(
            db, {"all": whole, "a_day": f"{whole} where loaded_on = '2024-01-02'"}
        )
    assert read == {"web.events": {"all": 100, "a_day": 50}}
