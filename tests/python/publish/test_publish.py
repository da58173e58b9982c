"""What is published, and what is refused."""

import json
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow
import pytest
from pyarrow import parquet

from publish.warehouses import PERSONS, write_warehouse
from tessera.errors import TesseraError
from tessera.publish import PublicationRefusedError, publish
from tessera.publish.files import sha256

NOON = datetime(2024, 7, 1, 12, tzinfo=UTC)


def test_the_file_holds_what_the_marts_hold(paths, read_published):
    warehouse, published = paths
    write_warehouse(warehouse, "aaaaaaaa-1")
    publication = publish(warehouse, published)
    assert publication.is_new
    assert read_published(published) == (
        "2024-06-30-aaaaaaaa",
        PERSONS,
        {"aaaaaaaa-1"},
    )


def test_descriptions_travel_with_the_tables(paths):
    warehouse, published = paths
    write_warehouse(warehouse)
    publish(warehouse, published)
    with duckdb.connect(str(published / "tessera.duckdb"), read_only=True) as reader:
        assert reader.execute(
            "select comment from duckdb_tables() where table_name = 'dim_persons'"
        ).fetchall() == [("One row per person",)]
        assert reader.execute(
            "select comment from duckdb_columns() "
            "where table_name = 'dim_persons' and column_name = 'person_key'"
        ).fetchall() == [("The person's key",)]


def test_a_view_is_published_as_a_table(paths):
    warehouse, published = paths
    write_warehouse(warehouse)
    publish(warehouse, published)
    with duckdb.connect(str(published / "tessera.duckdb"), read_only=True) as reader:
        assert reader.execute(
            "select count(*) from duckdb_tables() where table_name = 'fct_memberships'"
        ).fetchall() == [(1,)]


def test_the_manifest_tells_rows_checksums_and_gates(paths):
    warehouse, published = paths
    write_warehouse(warehouse, failing=True, blocking=False)
    publish(warehouse, published, now=NOON)
    manifest = json.loads((published / "manifest.json").read_text())
    assert manifest["as_of_date"] == "2024-06-30"
    assert manifest["published_at"] == "2024-07-01T12:00:00+00:00"
    assert {table["name"]: table["row_count"] for table in manifest["tables"]} == {
        "dim_persons": PERSONS,
        "fct_gate_results": 1,
        "fct_memberships": PERSONS,
    }
    for table in manifest["tables"]:
        file = published / "parquet" / f"{table['name']}.parquet"
        assert table["parquet_sha256"] == sha256(file)
        assert duckdb.execute(
            f"select value::varchar from parquet_kv_metadata('{file}')"
        ).fetchall() == [(manifest["build_id"],)]
    assert manifest["database_sha256"] == sha256(published / "tessera.duckdb")
    # It failed, but it only warns.
    assert [gate["passed"] for gate in manifest["gates"]] == [False]


def test_parquet_opens_without_duckdb(paths):
    # As pandas, Power BI and Excel read it: by the format alone.
    warehouse, published = paths
    write_warehouse(warehouse, "aaaaaaaa-1")
    publish(warehouse, published)
    table = parquet.read_table(published / "parquet" / "dim_persons.parquet")
    assert table.schema.names == ["person_key", "build"]
    assert table.schema.field("person_key").type == pyarrow.int64()
    assert table.schema.metadata[b"build_id"] == b"2024-06-30-aaaaaaaa"
    frame = table.to_pandas()
    assert len(frame) == PERSONS
    assert set(frame["build"]) == {"aaaaaaaa-1"}


def test_publishing_a_build_twice_changes_nothing(paths):
    warehouse, published = paths
    write_warehouse(warehouse)
    first = publish(warehouse, published, now=NOON)
    second = publish(warehouse, published, now=NOON + timedelta(hours=1))
    assert not second.is_new
    assert second.manifest == first.manifest


def test_a_blocking_gate_keeps_yesterday(paths, read_published):
    warehouse, published = paths
    write_warehouse(warehouse, "yesterday")
    publish(warehouse, published)
    write_warehouse(warehouse, "today", failing=True)
    with pytest.raises(PublicationRefusedError, match=r"moved_share.*loyal lost"):
        publish(warehouse, published)
    assert read_published(published)[2] == {"yesterday"}
    refusal = json.loads((published / "refused.json").read_text())
    assert "moved_share" in refusal["reason"]
    write_warehouse(warehouse, "mended")
    publish(warehouse, published)
    assert not (published / "refused.json").exists()


@pytest.mark.parametrize(
    "unfinished", [{"gates_of": "an earlier command"}, {"is_whole": False}]
)
def test_an_unfinished_build_is_not_published(paths, unfinished):
    warehouse, published = paths
    write_warehouse(warehouse, "today", **unfinished)
    with pytest.raises(PublicationRefusedError, match="whole `dbt build`"):
        publish(warehouse, published)
    assert not (published / "current").exists()


def test_a_warehouse_that_was_never_built_is_not_published(paths):
    warehouse, published = paths
    with pytest.raises(TesseraError, match="no warehouse yet"):
        publish(warehouse, published)
    warehouse.parent.mkdir()
    duckdb.connect(str(warehouse)).close()
    with pytest.raises(PublicationRefusedError, match="never asked"):
        publish(warehouse, published)


def test_old_versions_stay_as_long_as_they_are_asked_to(paths):
    warehouse, published = paths
    for day in range(4):
        write_warehouse(warehouse, f"{day}")
        publish(warehouse, published, keep_days=2, now=NOON + timedelta(days=day))
    kept = {folder.name for folder in (published / "versions").iterdir()}
    assert kept == {"2024-06-30-1", "2024-06-30-2", "2024-06-30-3"}


def test_two_do_not_publish_at_once(paths):
    warehouse, published = paths
    write_warehouse(warehouse)

    def publish_as_well(_table):
        with pytest.raises(TesseraError, match="another `tessera publish`"):
            publish(warehouse, published)

    publish(warehouse, published, report=publish_as_well)
