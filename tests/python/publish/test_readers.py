"""Readers while builds and publications come and go, and publications that die."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from publish.warehouses import PERSONS, write_warehouse
from tessera.publish import publish

READERS = 8
PUBLICATIONS = 40
OLDER_DUCKDB = "1.4.0"


def read_on_and_on(published, stop, findings):
    """Read file and Parquet until told to stop; report what was mixed or failed."""
    rounds, builds = 0, set()
    try:
        while not stop.is_set() or rounds < 2:
            with duckdb.connect(
                str(published / "tessera.duckdb"), read_only=True
            ) as reader:
                in_file = reader.execute(
                    """
                    select build, count(*) from marts.dim_persons group by build
                    union
                    select build, count(*) from marts.fct_memberships group by build
                    """
                ).fetchall()
            # One file by its own name, as Power BI opens it.
            alone = duckdb.execute(
                "select build, count(*) "
                f"from '{published}/parquet/dim_persons.parquet' group by build"
            ).fetchall()
            if len(alone) != 1 or alone[0][1] != PERSONS:
                findings.put(f"mixed Parquet file: {alone}")
            # A reader of several Parquet files holds on to one version of them.
            version = (published / "current").resolve()
            told = json.loads((version / "manifest.json").read_text())["build_id"]
            stamps = duckdb.execute(
                "select distinct value::varchar "
                f"from parquet_kv_metadata('{version}/parquet/*.parquet')"
            ).fetchall()
            with duckdb.connect(
                str(version / "tessera.duckdb"), read_only=True
            ) as reader:
                ((stamp,),) = reader.execute(
                    "select build_id from publication"
                ).fetchall()
            if {told, stamp, *(value for (value,) in stamps)} != {version.name}:
                findings.put(f"mixed build ids: {told}, {stamp}, {stamps}")
            in_parquet = duckdb.execute(
                f"""
                select build, count(*)
                from read_parquet([
                    '{version}/parquet/dim_persons.parquet',
                    '{version}/parquet/fct_memberships.parquet'
                ])
                group by build
                """
            ).fetchall()
            if len(in_file) != 1 or in_file[0][1] != PERSONS:
                findings.put(f"mixed file: {in_file}")
            if len(in_parquet) != 1 or in_parquet[0][1] != 2 * PERSONS:
                findings.put(f"mixed Parquet: {in_parquet}")
            builds.add(in_file[0][0])
            rounds += 1
            time.sleep(0.3)
        findings.put(len(builds))
    except Exception as error:
        findings.put(f"{type(error).__name__}: {error}")


def hold_on(published, opened, stop, findings):
    """Keep one connection open, as BI tools do, and go on reading what it opened."""
    try:
        with duckdb.connect(str(published / "tessera.duckdb"), read_only=True) as held:
            question = "select build, count(*) from marts.dim_persons group by build"
            first = held.execute(question).fetchall()
            opened.set()
            while not stop.is_set():
                if held.execute(question).fetchall() != first:
                    findings.put("the open file changed")
                time.sleep(0.2)
        findings.put(1)
    except Exception as error:
        opened.set()
        findings.put(f"{type(error).__name__}: {error}")


def test_readers_never_fail_and_never_see_a_mixture(paths):
    warehouse, published = paths
    write_warehouse(warehouse, "0")
    publish(warehouse, published)
    # Fresh processes: DuckDB's threads do not live through a fork.
    context = multiprocessing.get_context("spawn")
    stop, findings = context.Event(), context.Queue()
    readers = [
        context.Process(target=read_on_and_on, args=(published, stop, findings))
        for _ in range(READERS - 1)
    ]
    opened = context.Event()
    readers.append(
        context.Process(target=hold_on, args=(published, opened, stop, findings))
    )
    for reader in readers:
        reader.start()
    assert opened.wait(60)
    for number in range(1, PUBLICATIONS + 1):
        write_warehouse(warehouse, str(number))
        publish(warehouse, published)
    stop.set()
    found = [findings.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
    assert [finding for finding in found if not isinstance(finding, int)] == []
    # They did read while it was published.
    assert max(found) > 1


def killed(paths, how):
    """Kill publications in a process of its own; give the kills and the new seen."""
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("killing.py"), *map(str, paths), how],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    kills, after = map(int, done.stdout.split())
    return kills, after


def test_killed_at_any_line_it_leaves_a_whole_version(paths):
    kills, after = killed(paths, "lines")
    # The old version was seen before the switch, the new one after it.
    assert 0 < after < kills


@pytest.mark.slow
def test_killed_at_any_moment_it_leaves_a_whole_version(paths):
    # By SIGKILL: in the middle of a statement, a copy or a flush too.
    kills, after = killed(paths, "moments")
    assert kills >= 30
    assert 0 <= after < kills


def test_an_older_driver_opens_the_file(paths, tmp_path):
    warehouse, published = paths
    write_warehouse(warehouse)
    publish(warehouse, published)
    driver = tmp_path / "driver"
    installed = subprocess.run(
        [
            sys.executable,
            *[
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--no-deps",
            ],
            f"--target={driver}",
            f"duckdb=={OLDER_DUCKDB}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        pytest.skip(f"duckdb {OLDER_DUCKDB} cannot be installed here")
    question = (
        "import duckdb, sys; print(duckdb.__version__, duckdb.connect(sys.argv[1], "
        "read_only=True).execute('select count(*) from marts.dim_persons')"
        ".fetchall())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", question, str(published / "tessera.duckdb")],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(driver)},
    )
    assert answer.stdout.strip() == f"{OLDER_DUCKDB} [({PERSONS},)]"
