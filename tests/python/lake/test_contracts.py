"""Behaviour of ``tessera.lake.contracts`` and ``tessera.lake.layout``."""

import duckdb
import pytest
from click.testing import CliRunner

from tessera.cli import main
from tessera.errors import TesseraError
from tessera.lake.contracts import read_contracts
from tessera.lake.layout import initialise_lake, write_parquet


def test_contracts_of_the_project_are_read(mappings):
    contracts = read_contracts(mappings.parent)
    assert {"shop.orders", "crm.contacts", "campaigns.redemptions"} <= set(contracts)
    email = contracts["crm.contacts"].column("email")
    assert email.direct_identifier
    assert not email.required


def test_every_table_of_the_project_has_a_required_key(mappings):
    for contract in read_contracts(mappings.parent).values():
        keys = [column for column in contract.columns if column.key]
        assert keys, contract.name
        assert all(column.required for column in keys), contract.name


@pytest.fixture
def yaml_folder(tmp_path):
    (tmp_path / "models").mkdir()

    def write(name, tables):
        (tmp_path / "models" / name).write_text(
            f"sources: [{{name: shop, tables: [{tables}]}}]"
        )
        return tmp_path

    return write


def test_a_column_without_a_type_is_refused(yaml_folder):
    folder = yaml_folder("_shop__sources.yml", "{name: t, columns: [{name: c}]}")
    with pytest.raises(TesseraError, match=r"_shop__sources.yml: column c .*data_type"):
        read_contracts(folder)


def test_a_table_declared_twice_is_refused(yaml_folder):
    table = "{name: t, columns: [{name: c, data_type: date}]}"
    yaml_folder("_a__sources.yml", table)
    folder = yaml_folder("_b__sources.yml", table)
    with pytest.raises(TesseraError, match=r"_b__sources.yml: shop.t stands twice"):
        read_contracts(folder)


def test_laying_out_twice_keeps_what_was_loaded(door):
    door.load({"thing_id": "id"}, door.file("a.csv", "id\n1\n"))
    assert initialise_lake(door.lake, door.contracts) == len(door.contracts)
    assert door.texts("thing_id") == ["1"]


def test_the_command_lays_out_every_table_of_the_project(
    mappings, tmp_path, monkeypatch
):
    monkeypatch.chdir(mappings.parent)
    monkeypatch.setenv("TESSERA_LAKE", str(tmp_path / "lake"))
    done = CliRunner().invoke(main, ["lake", "init"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    for name in read_contracts(mappings.parent):
        folder = tmp_path / "lake" / name.replace(".", "/")
        assert list(folder.glob("*/*.parquet")), name


def test_an_empty_table_has_the_types_of_its_contract(door):
    initialise_lake(door.lake, door.contracts)
    empty = door.lake / "test/things/loaded_on=1970-01-01/empty.parquet"
    rows = duckdb.sql(f"describe select * from '{empty}'").fetchall()
    types = {row[0]: row[1] for row in rows}
    assert types["amount"] == "DECIMAL(18,4)"
    assert types["made_at"] == "TIMESTAMP"
    assert types["source_row"] == "BIGINT"


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        write_parquet(connection, "select 1 as number", path)
        with pytest.raises(duckdb.Error):
            write_parquet(connection, "select error('broken') as number", path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.parquet"]
    assert duckdb.sql(f"select number from '{path}'").fetchall() == [(1,)]
