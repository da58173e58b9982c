"""One small world with much dirt, made once for all tests of the world."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from tessera.world import WorldSummary, generate_world

DAYS = 34
DIRT = 8.0


@dataclass
class SmallWorld:
    """A world on disk, with a connection to look into it."""

    summary: WorldSummary
    db: duckdb.DuckDBPyConnection

    def lake(self, table: str) -> str:
        """Give the SQL that reads a table of the lake, such as `web.events`."""
        files = self.summary.lake / table.replace(".", "/") / "*" / "*.parquet"
        return f"read_parquet('{files}', hive_partitioning = true)"

    def truth(self, table: str) -> str:
        """Give the SQL that reads a table of the truth."""
        path = self.summary.truth / table
        return f"'{path}/*.parquet'" if path.is_dir() else f"'{path}.parquet'"

    def rows(self, sql: str) -> list[tuple]:
        """Give the rows of a query."""
        return self.db.sql(sql).fetchall()


@pytest.fixture(scope="session")
def small_world(tmp_path_factory) -> SmallWorld:
    folder: Path = tmp_path_factory.mktemp("world")
    summary = generate_world(
        persons=2_000,
        days=DAYS,
        seed=7,
        out=folder / "lake",
        events_per_person_day=20 / DAYS,
        dirt=DIRT,
    )
    return SmallWorld(summary, duckdb.connect())
