"""Kill `publish` at every third line; print the kills and the new builds seen.

A process of its own: it forks, which needs one without other threads.
"""

import os
import shutil
import sys
from itertools import count
from pathlib import Path

import duckdb

from publish.warehouses import PERSONS, write_warehouse
from tessera.publish import publish

# A statement is seldom one line, so this leaves few out; all of them take a minute.
STRIDE = 3


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


def main(warehouse: Path, published: Path) -> None:
    """Count the lines at which it was killed, and those after the switch."""
    write_warehouse(warehouse, "old")
    publish(warehouse, published)
    write_warehouse(warehouse, "new")
    before = published.with_name("before")
    shutil.copytree(published, before, symlinks=True)
    kills = after = 0
    for line in count(1, STRIDE):
        if publish_until_line(warehouse, published, line):
            break
        kills += 1
        build = published_build(published)
        assert build in ("old", "new"), build
        # Once switched, it stays.
        assert not (after and build == "old")
        after += build == "new"
        shutil.rmtree(published)
        shutil.copytree(before, published, symlinks=True)
        if kills % 10 == 0:
            # What a killed one left is in nobody's way.
            publish_until_line(warehouse, published, line)
            assert publish_until_line(warehouse, published, 0)
            assert published_build(published) == "new"
            assert [folder.name for folder in (published / "versions").iterdir()] == [
                "2024-06-30-new"
            ]
            shutil.rmtree(published)
            shutil.copytree(before, published, symlinks=True)
    print(kills, after)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
