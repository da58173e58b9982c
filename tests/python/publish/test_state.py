"""What the warehouse remembers outlives the warehouse."""

import json

import duckdb
import pytest

from tessera.errors import TesseraError
from tessera.state import StateTable, export_state, import_state, state_tables

KEYS = StateTable("intermediate", "int_person_keys")
SIZES = StateTable("marts", "fct_segment_sizes_daily")


@pytest.fixture
def warehouse(tmp_path):
    path = tmp_path / "tessera.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate; create schema marts")
        connection.execute(
            """
            create table intermediate.int_person_keys as
            select
                range as person_key, [0.5, 1.5] as edges,
                1.25::decimal(18, 4) as amount,
                date '2024-06-30' as valid_from
            from range(3)
            """
        )
        connection.execute(
            "create table marts.fct_segment_sizes_daily as select 1 as x"
        )
    return path


def read(path, table):
    with duckdb.connect(str(path), read_only=True) as connection:
        relation = connection.execute(f"from {table.schema}.{table.name} order by all")
        return [column[:2] for column in relation.description], relation.fetchall()


def test_the_manifest_names_the_tables_that_remember(tmp_path):
    def node(name, full_refresh, kind="model"):
        config = {"full_refresh": full_refresh}
        return {
            "resource_type": kind,
            "schema": "marts",
            "alias": name,
            "config": config,
        }

    nodes = [node("b", False), node("a", False), node("c", None), node("d", True)]
    nodes.append(node("e", False, "seed"))
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": dict(enumerate(nodes))}))
    assert [table.name for table in state_tables(manifest)] == ["a", "b"]
    with pytest.raises(TesseraError, match="dbt parse"):
        state_tables(tmp_path / "none.json")


def test_saved_and_put_back_it_is_the_same(warehouse, tmp_path):
    saved = export_state(warehouse, [KEYS, SIZES], tmp_path / "state")
    assert [table.row_count for table in saved] == [3, 1]
    restored = tmp_path / "new" / "tessera.duckdb"
    assert import_state(restored, [KEYS, SIZES], tmp_path / "state") == saved
    for table in (KEYS, SIZES):
        assert read(restored, table) == read(warehouse, table)


def test_saving_again_replaces_what_was_saved(warehouse, tmp_path):
    export_state(warehouse, [KEYS, SIZES], tmp_path / "state")
    export_state(warehouse, [KEYS], tmp_path / "state")
    assert [file.stem for file in (tmp_path / "state").iterdir()] == [
        "intermediate.int_person_keys"
    ]


def test_a_model_that_was_never_built_is_passed_over(warehouse, tmp_path):
    assert export_state(warehouse, [StateTable("marts", "x")], tmp_path / "s") == []
    with pytest.raises(TesseraError, match="nothing is saved"):
        import_state(warehouse, [KEYS], tmp_path / "s")


def test_what_is_remembered_is_never_overwritten(warehouse, tmp_path):
    export_state(warehouse, [KEYS, SIZES], tmp_path / "state")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("delete from intermediate.int_person_keys")
    with pytest.raises(TesseraError, match="fct_segment_sizes_daily holds 1 rows"):
        import_state(warehouse, [KEYS, SIZES], tmp_path / "state")
    # Nothing by halves: the empty table was not filled either.
    assert read(warehouse, KEYS)[1] == []


def test_a_file_of_an_unknown_table_is_refused(warehouse, tmp_path):
    export_state(warehouse, [KEYS, SIZES], tmp_path / "state")
    with pytest.raises(TesseraError, match=r"marts\.fct_segment_sizes_daily"):
        import_state(tmp_path / "new.duckdb", [KEYS], tmp_path / "state")
