"""Kill `publish` at every third line or at forty moments.

Prints the kills and the new builds seen.

A process of its own: it forks, which needs one without other threads.
"""

import os
import shutil
import signal
import sys
import time
from itertools import count
from pathlib import Path

import duckdb

from publish.warehouses import PERSONS, write_warehouse
from tessera.publish import publish

# A statement is seldom one line, so this leaves few out; all of them take a minute.
STRIDE = 3
MOMENTS = 40


def publish_until_line(warehouse: Path, published: Path, line: int) -> bool:
    """Publish in a child that dies at its n-th line (0: at none); true when done."""
    child = os.fork()
    if child == 0:
        seen = 0

        def trace(frame, event, _argument):
            nonlocal seen
            if "tessera/publish/" not in frame.f_code.co_filename:
                return None
            if event == "line":
                seen += 1
                if seen == line:
                    os._exit(9)
            return trace

        sys.settrace(trace)
        publish(warehouse, published, keep_days=0)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def published_build(published: Path) -> str:
    """Build of the published rows, all of them."""
    with duckdb.connect(str(published / "tessera.duckdb"), read_only=True) as reader:
        ((build, row_count),) = reader.execute(
            "select build, count(*) from marts.dim_persons group by build"
        ).fetchall()
    parquet = duckdb.execute(
        f"select build, count(*) from '{published}/parquet/dim_persons.parquet' "
        "group by build"
    ).fetchall()
    assert row_count == PERSONS
    assert parquet == [(build, PERSONS)]
    return build


def publish_until_moment(warehouse: Path, published: Path, seconds: float) -> bool:
    """Publish in a child that is killed after some seconds; true when done before."""
    child = os.fork()
    if child == 0:
        publish(warehouse, published, keep_days=0)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def killings(warehouse: Path, published: Path, before: Path, how: str):
    """Kill one publication after another, each at a later point than the one before."""

    def restore() -> None:
        shutil.rmtree(published)
        shutil.copytree(before, published, symlinks=True)

    if how == "lines":
        for line in count(1, STRIDE):
            if publish_until_line(warehouse, published, line):
                break
            yield lambda line=line: publish_until_line(warehouse, published, line)
            restore()
        return
    started = time.perf_counter()
    assert publish_until_line(warehouse, published, 0)
    whole = time.perf_counter() - started
    restore()
    for number in range(MOMENTS):
        moment = whole * number / MOMENTS
        if not publish_until_moment(warehouse, published, moment):
            yield lambda at=moment: publish_until_moment(warehouse, published, at)
        restore()


def main(warehouse: Path, published: Path, how: str) -> None:
    """Count the points at which it was killed, and those after the switch."""
    write_warehouse(warehouse, "old")
    publish(warehouse, published)
    write_warehouse(warehouse, "new")
    before = published.with_name("before")
    shutil.copytree(published, before, symlinks=True)
    kills = after = 0
    for kill_again in killings(warehouse, published, before, how):
        kills += 1
        build = published_build(published)
        assert build in ("old", "new"), build
        # Lines come in order, so once switched it stays; moments may not.
        assert how == "moments" or not (after and build == "old")
        after += build == "new"
        if kills % 10 == 0:
            # What a killed one left is in nobody's way.
            kill_again()
            assert publish_until_line(warehouse, published, 0)
            assert published_build(published) == "new"
            assert [folder.name for folder in (published / "versions").iterdir()] == [
                "2024-06-30-new"
            ]
    print(kills, after)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
