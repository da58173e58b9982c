"""A lake with one table of every type, and files to put into it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

from tessera.lake.contracts import Contract, read_contracts
from tessera.lake.ingest import Load, ingest

ROOT = Path(__file__).parents[3]
CONTRACTS = """
sources:
  - name: test
    tables:
      - name: things
        columns:
          - name: thing_id
            data_type: varchar
            config: {meta: {required: true, key: true}}
          - {name: label, data_type: varchar}
          - {name: amount, data_type: "decimal(18,4)"}
          - {name: ratio, data_type: double}
          - {name: count, data_type: bigint}
          - {name: made_on, data_type: date}
          - {name: made_at, data_type: timestamp}
          - {name: is_new, data_type: boolean}
          - name: email
            data_type: varchar
            config: {meta: {direct_identifier: true}}
          - name: birth_date
            data_type: date
            config: {meta: {direct_identifier: true}}
      - name: parts
        columns:
          - name: part_id
            data_type: varchar
            config: {meta: {required: true, key: true}}
          - {name: thing_id, data_type: varchar}
"""
MONDAY, TUESDAY = date(2024, 7, 1), date(2024, 7, 2)


@dataclass
class Door:
    """The door of a lake whose tables are `test.things` and `test.parts`."""

    folder: Path
    contracts: dict[str, Contract]

    @property
    def lake(self) -> Path:
        """Root of the lake."""
        return self.folder / "lake"

    def file(self, name: str, content: str | bytes) -> Path:
        """Write an export."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def mapping(self, content: str | dict, name: str = "shop.yml") -> Path:
        """Write a mapping; a dict without `tables` holds the columns of things."""
        if isinstance(content, dict):
            if "tables" not in content:
                content = {"tables": {"test.things": {"columns": content}}}
            content = yaml.safe_dump(content, sort_keys=False)
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def ingest(self, mapping: Path, *files: Path, loaded_on: date = MONDAY):
        """Load files; return the loads, one per file and table."""
        return ingest(
            mapping,
            list(files),
            lake=self.lake,
            contracts=self.contracts,
            loaded_on=loaded_on,
        )

    def load(self, columns: dict, file: Path, loaded_on: date = MONDAY) -> Load:
        """Load one file into `test.things`."""
        (load,) = self.ingest(self.mapping(columns), file, loaded_on=loaded_on)
        return load

    def rows(self, columns: str, table: str = "test/things") -> list[tuple]:
        """Read a table of the lake as the build does, by row of the export."""
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(
                f"select {columns} from read_parquet("
                f"'{self.lake}/{table}/*/*.parquet', union_by_name = true, "
                "hive_partitioning = true, hive_types_autocast = true) "
                "order by source_row, source_file"
            ).fetchall()

    def texts(self, column: str) -> list[str | None]:
        """Read one column of `test.things` as text."""
        return [value for (value,) in self.rows(f'"{column}"::varchar')]

    def has_data(self) -> bool:
        """Whether any file but the empty ones was written."""
        files = self.lake.rglob("*.parquet")
        return any(file.name != "empty.parquet" for file in files)

    def refused(self) -> list[tuple]:
        """Row, column, value and rule of each refused row."""
        return self.rows("row_number, column_name, value, rule", "ingest/refused_rows")

    def assert_nothing_lost(self) -> None:
        """Check that the ledger adds up: every row came in or was refused."""
        ledger = self.rows("load_id, rows_in, rows_refused", "ingest/loads")
        refused = [load for (load,) in self.rows("load_id", "ingest/refused_rows")]
        for load_id, rows_in, rows_refused in ledger:
            with duckdb.connect() as connection:
                (kept,) = connection.execute(
                    "select count(*) from read_parquet(?)",
                    [f"{self.lake}/test/*/*/{load_id}.parquet"],
                ).fetchall()[0]
            assert refused.count(load_id) == rows_refused
            assert rows_in == kept + rows_refused


@pytest.fixture(scope="session")
def contract_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contracts")
    models = folder / "models"
    models.mkdir()
    (models / "_test__sources.yml").write_text(CONTRACTS)
    shutil.copy(ROOT / "models" / "staging" / "ingest" / "_ingest__sources.yml", models)
    return folder


@pytest.fixture
def new_door(tmp_path_factory, contract_folder):
    """Make a door; each opens a lake of its own."""
    contracts = read_contracts(contract_folder)
    return lambda: Door(tmp_path_factory.mktemp("lake"), contracts)


@pytest.fixture
def door(new_door):
    return new_door()
