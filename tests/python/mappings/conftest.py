"""Samples of exports, and a lake of the project's own contracts to load them into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tessera.lake.contracts import read_contracts
from tessera.lake.ingest import Load, ingest

ROOT = Path(__file__).parents[3]


@dataclass
class SampleLake:
    """A lake, and what became of the files that were loaded into it."""

    folder: Path

    @property
    def lake(self) -> Path:
        """Root of the lake."""
        return self.folder / "lake"

    def ingest(self, mapping: Path, *files: Path, day: int = 1) -> list[Load]:
        """Load files through a mapping on a day of July 2024."""
        return ingest(
            mapping,
            list(files),
            lake=self.lake,
            contracts=read_contracts(ROOT),
            loaded_on=date(2024, 7, day),
        )

    def mapping(self, text: str) -> Path:
        """Write a mapping."""
        path = self.folder / "mapping.yml"
        path.write_text(text, encoding="utf-8")
        return path

    def file(self, name: str, text: str) -> Path:
        """Write an export."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def rows(self, table: str, columns: str) -> list[tuple]:
        """Read a table's columns as text, by row of the export."""
        source, _, name = table.partition(".")
        files = f"{self.lake}/{source}/{name}/*/*.parquet"
        with duckdb.connect() as connection:
            found = connection.execute(
                f"select columns(lambda c: c != 'sort_key')::varchar from (select "
                f"{columns}, source_row as sort_key from read_parquet('{files}')) "
                "order by sort_key"
            )
            return found.fetchall()

    def refused(self) -> list[tuple]:
        """Table, row, column, value and rule of each refused row."""
        return self.rows(
            "ingest.refused_rows",
            "source_name || '.' || table_name as table_name, row_number, column_name, "
            "value, rule",
        )

    def files(self) -> list[Path]:
        """Every file of the lake but the empty ones."""
        files = self.lake.rglob("*.parquet")
        return sorted(file for file in files if file.name != "empty.parquet")


@pytest.fixture
def sample_lake(tmp_path: Path) -> SampleLake:
    """Make a lake for one test."""
    return SampleLake(tmp_path)


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the samples, written by hand to the vendors' column names."""
    return ROOT / "tests" / "samples"
