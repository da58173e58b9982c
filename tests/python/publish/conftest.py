"""Where the warehouse of a test lies, and what it reads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    """Where the warehouse and the publications of one test lie."""
    return tmp_path / "warehouse" / "tessera.duckdb", tmp_path / "published"


@pytest.fixture
def read_published() -> Callable[[Path], tuple[str, int, set[str]]]:
    """Read the build, the rows and the builds in the rows of what is published."""

    def read(published: Path) -> tuple[str, int, set[str]]:
        database = published / "tessera.duckdb"
        with duckdb.connect(str(database), read_only=True) as connection:
            ((build,),) = connection.execute(
                "select build_id from publication"
            ).fetchall()
            rows = connection.execute(
                "select build, count(*) from marts.dim_persons group by build"
            ).fetchall()
        return build, sum(count for _, count in rows), {name for name, _ in rows}

    return read
