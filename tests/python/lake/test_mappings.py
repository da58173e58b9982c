"""Behaviour of ``tessera.lake.mappings``, and what ingest says of a wrong one."""

import pytest

from tessera.errors import TesseraError


@pytest.fixture
def refusal(door):
    """Message that ingest refuses a file with, given a mapping."""

    def refuse(mapping, content="id,name\n1,a\n", name="export.csv"):
        path = mapping if not isinstance(mapping, str | dict) else door.mapping(mapping)
        with pytest.raises(TesseraError) as error:
            door.ingest(path, door.file(name, content))
        assert not door.has_data()
        return str(error.value)

    return refuse


def test_a_missing_column_is_named_with_those_of_the_file(refusal):
    message = refusal({"thing_id": "id", "label": "titel"})
    for part in ("export.csv", "shop.yml", "test.things.label", "titel", "id, name"):
        assert part in message


def test_a_missing_column_in_where_and_one_row_per_is_named(refusal):
    for entry, value in (("where", "price > 0"), ("one_row_per", ["price"])):
        table = {"columns": {"thing_id": "min(id)"}, entry: value}
        if entry == "where":
            table["columns"] = {"thing_id": "id"}
        message = refusal({"tables": {"test.things": table}})
        for part in ("export.csv", "shop.yml", f"test.things.{entry}", "price"):
            assert part in message


def test_every_file_is_checked_before_the_first_is_written(door):
    mapping = door.mapping({"thing_id": "id"})
    good, bad = door.file("good.csv", "id\n1\n"), door.file("bad.csv", "key\n1\n")
    with pytest.raises(TesseraError, match=r"bad\.csv"):
        door.ingest(mapping, good, bad)
    assert door.texts("thing_id") == []


def test_an_unknown_table_is_named_with_those_there_are(refusal):
    message = refusal({"tables": {"test.thngs": {"columns": {}}}})
    for part in ("shop.yml", "test.thngs", "no such table", "test.things"):
        assert part in message


def test_an_unknown_column_is_named_with_those_of_the_contract(refusal):
    message = refusal({"thing_id": "id", "colour": "name"})
    for part in ("shop.yml", "test.things.colour", "thing_id", "birth_date"):
        assert part in message


def test_an_unknown_entry_of_a_table_is_named(refusal):
    table = {"columns": {"thing_id": "id"}, "filter": "id > 1"}
    message = refusal({"tables": {"test.things": table}})
    for part in ("shop.yml", "test.things", "filter", "where"):
        assert part in message


def test_an_unknown_entry_of_a_column_is_named(refusal):
    message = refusal({"thing_id": {"column": "id", "pattern": "x"}})
    for part in ("shop.yml", "test.things.thing_id", "format"):
        assert part in message


def test_a_required_column_that_is_not_filled_is_named(refusal):
    message = refusal({"label": "name"})
    for part in ("shop.yml", "test.things", "required", "thing_id"):
        assert part in message


def test_an_input_that_is_not_declared_is_named(refusal):
    mapping = {
        "inputs": {"one": "export.csv", "two": "two.csv"},
        "tables": {"test.things": {"from": "three", "columns": {"thing_id": "id"}}},
    }
    message = refusal(mapping)
    for part in ("shop.yml", "test.things", "one, two"):
        assert part in message


def test_a_file_of_no_input_is_named_with_the_patterns(refusal):
    mapping = {
        "inputs": {"one": "one*.csv"},
        "tables": {"test.things": {"columns": {"thing_id": "id"}}},
    }
    message = refusal(mapping)
    for part in ("export.csv", "shop.yml", "one*.csv"):
        assert part in message


def test_a_mapping_that_is_not_there_is_named(refusal, tmp_path):
    assert "no such mapping file" in refusal(tmp_path / "nothing.yml")


@pytest.mark.parametrize(
    "content",
    [
        "tables: [",
        "columns: {a: b}",
        "",
        "- a",
        "tables: {}",
        "tables: {test.things: [thing_id]}",
        "tables: {test.things: {columns: [thing_id]}}",
        "inputs: [a.csv]\ntables: {test.things: {columns: {thing_id: id}}}",
    ],
)
def test_what_is_no_mapping_is_refused_by_name(refusal, content):
    assert "shop.yml" in refusal(content)


def test_an_unknown_time_zone_is_named(refusal):
    moment = {"column": "made", "time_zone": "Europe/Pari"}
    message = refusal(
        {"thing_id": "id", "made_at": moment}, "id,made\n1,2024-01-01 10:00\n"
    )
    for part in ("shop.yml", "test.things.made_at", "Europe/Pari"):
        assert part in message


def test_an_unknown_decimal_mark_is_named(refusal):
    message = refusal({"thing_id": "id", "amount": {"column": "name", "decimal": ";"}})
    for part in ("shop.yml", "test.things.amount", "decimal"):
        assert part in message
