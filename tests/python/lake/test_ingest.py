"""Behaviour of ``tessera.lake.ingest``: what comes in, what is refused, and twice."""

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tessera.errors import TesseraError
from tessera.lake import ingest as ingest_module

MONDAY, TUESDAY = date(2024, 7, 1), date(2024, 7, 2)
ID = {"thing_id": "id"}


def values(door, column, setting, *cells):
    """Load cells into one typed column; return what came in, and what was refused."""
    rows = [("id", "value"), *enumerate(cells, start=1)]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    door.load(ID | {column: setting}, door.file("values.csv", text.getvalue()))
    door.assert_nothing_lost()
    refused = {row: (name, value, rule) for row, name, value, rule in door.refused()}
    return dict(door.rows(f"source_row, {column}::varchar")), refused


@pytest.mark.parametrize(
    ("column", "good", "read", "bad", "rule"),
    [
        ("made_on", "2024-02-29", "2024-02-29", "2023-02-29", "not_a_date"),
        ("made_on", "2024-02-29", "2024-02-29", "29/02/2024", "not_a_date"),
        (
            "made_at", "2024-02-29 10:11:12", "2024-02-29 10:11:12",
            "yesterday", "not_a_timestamp",
        ),
        ("amount", "12.5", "12.5000", "12,5", "not_a_decimal"),
        ("amount", "-0.01", "-0.0100", "12.5 €", "not_a_decimal"),
        ("ratio", "1e3", "1000.0", "much", "not_a_double"),
        ("ratio", "0.5", "0.5", "NaN", "not_a_double"),
        ("ratio", "0.5", "0.5", "inf", "not_a_double"),
        ("count", "12", "12", "twelve", "not_a_bigint"),
        ("count", "12", "12", "3.7", "not_a_bigint"),
        ("is_new", "true", "true", "perhaps", "not_a_boolean"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_refused_alone(
    door, column, good, read, bad, rule
):
    kept, refused = values(door, column, "value", good, bad, good)
    assert kept == {1: read, 3: read}
    assert refused == {2: (column, bad, rule)}


def test_blank_cells_are_null_and_not_refused(door):
    kept, refused = values(door, "amount", "value", "", "   ", "1")
    assert kept == {1: None, 2: None, 3: "1.0000"}
    assert not refused


def test_the_first_column_at_fault_is_named(door):
    file = door.file("a.csv", "id,amount,day\n1,x,y\n")
    door.load(ID | {"made_on": "day", "amount": "amount"}, file)
    assert door.refused() == [(1, "amount", "x", "not_a_decimal")]


def test_a_refused_row_can_be_found_again(door):
    file = door.file("a.csv", "id,amount\n1,2\n2,x\n")
    door.load(ID | {"amount": "amount"}, file)
    assert door.rows(
        "source_name, table_name, file_name, row_number, raw_row ->> 'thing_id'",
        "ingest/refused_rows",
    ) == [("test", "things", "a.csv", 2, "2")]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("12,5", "12.5000"),
        ("1.234,56", "1234.5600"),
        ("1 234,56", "1234.5600"),
        ("1\u202f234,56", "1234.5600"),
        ("1.234.567", "1234567.0000"),
        ("-3", "-3.0000"),
    ],
)
def test_a_decimal_comma_is_read(door, cell, read):
    setting = {"column": "value", "decimal": ","}
    assert values(door, "amount", setting, cell)[0] == {1: read}


@pytest.mark.parametrize("cell", ["12.50", "1,2,3", "1.23,4", "1,234.56"])
def test_what_is_no_amount_with_a_decimal_comma_is_refused(door, cell):
    kept, refused = values(door, "amount", {"column": "value", "decimal": ","}, cell)
    assert kept == {}
    assert refused == {1: ("amount", cell, "not_a_decimal")}


def test_a_format_reads_dates_and_times(door):
    setting = {"column": "value", "format": "%d/%m/%Y"}
    kept, refused = values(door, "made_on", setting, "05/03/2024", "2024-03-05")
    assert kept == {1: "2024-03-05"}
    assert refused == {2: ("made_on", "2024-03-05", "not_a_date")}


def test_local_times_are_turned_to_utc_across_the_change_of_clocks(door):
    setting = {"column": "value", "time_zone": "Europe/Paris"}
    kept, _ = values(
        door, "made_at", setting,
        "2024-03-31 01:30:00", "2024-03-31 03:30:00",
        "2024-10-27 01:30:00", "2024-10-27 03:30:00",
    )  # fmt: skip
    assert list(kept.values()) == [
        "2024-03-31 00:30:00", "2024-03-31 01:30:00",
        "2024-10-26 23:30:00", "2024-10-27 02:30:00",
    ]  # fmt: skip


def test_a_format_and_a_time_zone_work_together(door):
    setting = {
        "column": "value", "format": "%d.%m.%Y %H:%M", "time_zone": "Europe/Paris"
    }  # fmt: skip
    kept, refused = values(door, "made_at", setting, "05.07.2024 00:30", "5 July")
    assert kept == {1: "2024-07-04 22:30:00"}
    assert refused == {2: ("made_at", "5 July", "not_a_timestamp")}


def test_an_offset_is_turned_to_utc_and_none_is_utc(door):
    kept, _ = values(
        door, "made_at", "value",
        "2024-07-01T10:00:00+02:00", "2024-07-01T10:00:00Z", "2024-07-01 10:00:00",
        "2024-07-01",
    )  # fmt: skip
    assert list(kept.values()) == [
        "2024-07-01 08:00:00", "2024-07-01 10:00:00", "2024-07-01 10:00:00",
        "2024-07-01 00:00:00",
    ]  # fmt: skip


def test_an_offset_wins_over_the_time_zone_of_the_mapping(door):
    setting = {"column": "value", "time_zone": "Europe/Paris"}
    kept, refused = values(door, "made_at", setting, "2024-07-01T10:00:00+00:00")
    # Read by its own offset or refused; never shifted by a second zone.
    assert kept == {1: "2024-07-01 10:00:00"} or refused


def test_an_expression_that_fails_on_a_row_says_what_to_write(door):
    file = door.file("a.csv", "id,amount\n1,2\n2,x\n")
    with pytest.raises(TesseraError, match=r"a\.csv: test\.things.*try_cast"):
        door.load(ID | {"amount": "cast(amount as double) * 2"}, file)
    assert door.texts("thing_id") == []
    door.assert_nothing_lost()


def test_where_leaves_out_what_belongs_elsewhere(door):
    table = {"columns": ID, "where": "kind = 'a' or kind = 'b'"}
    mapping = door.mapping({"tables": {"test.things": table}})
    file = door.file("a.csv", "id,kind\n1,a\n2,x\n3,b\n")
    (load,) = door.ingest(mapping, file)
    assert (load.rows_in, load.rows_refused) == (2, 0)
    assert door.rows("thing_id, source_row") == [("1", 1), ("3", 3)]


def test_one_row_per_groups_and_keeps_the_first_row_number(door):
    table = {
        "columns": {"thing_id": "basket", "count": "sum(units::bigint)"},
        "one_row_per": ["basket"],
    }
    mapping = door.mapping({"tables": {"test.things": table}})
    file = door.file("a.csv", "basket,units\nx,1\ny,2\nx,3\n")
    (load,) = door.ingest(mapping, file)
    assert load.rows_in == 2
    assert door.rows("thing_id, count, source_row") == [("x", 4, 1), ("y", 2, 2)]


def test_one_file_fills_two_tables(door):
    mapping = door.mapping(
        {
            "tables": {
                "test.things": {"columns": ID, "one_row_per": ["id"]},
                "test.parts": {"columns": {"part_id": "part", "thing_id": "id"}},
            }
        }
    )
    loads = door.ingest(mapping, door.file("a.csv", "id,part\n1,x\n1,y\n"))
    assert [(load.contract.name, load.rows_in) for load in loads] == [
        ("test.things", 1),
        ("test.parts", 2),
    ]
    door.assert_nothing_lost()


def test_two_files_of_one_input_are_two_loads(door):
    mapping = door.mapping(ID)
    first, second = door.file("a.csv", "id\n1\n"), door.file("b.csv", "id\n2\n")
    assert len(door.ingest(mapping, first, second)) == 2
    assert sorted(door.rows("thing_id, source_file")) == [
        ("1", "a.csv"),
        ("2", "b.csv"),
    ]


def test_a_csv_may_follow_a_parquet_and_the_other_way_round(door, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"id": ["1"]}), tmp_path / "a.parquet")
    mapping = door.mapping(ID)
    files = [tmp_path / "a.parquet", door.file("b.csv", "id\n2\n")]
    door.ingest(mapping, *files)
    assert sorted(door.texts("thing_id")) == ["1", "2"]


def test_the_same_file_twice_writes_nothing_new(door):
    file = door.file("a.csv", "id,amount\n1,1\n2,x\n")
    columns = ID | {"amount": "amount"}
    first = door.load(columns, file)
    before = sorted(door.lake.rglob("*.parquet"))
    again = door.load(columns, file, loaded_on=TUESDAY)
    assert sorted(door.lake.rglob("*.parquet")) == before
    assert first.already_loaded_on is None
    assert again.already_loaded_on == MONDAY
    assert (again.rows_in, again.rows_refused) == (2, 1)


def test_a_changed_file_and_a_changed_mapping_are_loaded_anew(door):
    door.load(ID, door.file("a.csv", "id\n1\n"))
    door.load(ID, door.file("a.csv", "id\n1\n2\n"))
    door.load({"thing_id": "id || 'x'"}, door.file("a.csv", "id\n1\n2\n"))
    assert sorted(door.texts("thing_id")) == ["1", "1", "1x", "2", "2x"]


def test_a_killed_run_is_healed_by_the_next(door, monkeypatch):
    file = door.file("a.csv", "id,amount\n1,1\n2,x\n")
    columns = ID | {"amount": "amount"}
    write = ingest_module.write_parquet

    def die_before_the_ledger(connection, query, path):
        if path.parent.parent.name == "loads":
            raise KeyboardInterrupt
        return write(connection, query, path)

    with monkeypatch.context() as patch:
        patch.setattr(ingest_module, "write_parquet", die_before_the_ledger)
        with pytest.raises(KeyboardInterrupt):
            door.load(columns, file)
    assert door.texts("thing_id") == ["1"]
    assert door.rows("load_id", "ingest/loads") == []

    load = door.load(columns, file, loaded_on=TUESDAY)
    assert load.already_loaded_on is None
    assert door.texts("thing_id") == ["1"]
    assert len(door.refused()) == 1
    door.assert_nothing_lost()


def test_messages_hold_no_value_of_a_direct_identifier(door):
    secret = "ana.secret@example.com"
    file = door.file("a.csv", f"id,mail,born\n1,{secret},{secret}\n2,{secret},x\n")
    said = []
    for columns in (
        ID | {"email": "mail", "birth_date": "cast(born as date)"},
        ID | {"email": "mail", "amount": "cast(mail as decimal(18, 4))"},
        ID | {"email": "male", "birth_date": "born"},
        ID | {"email": "error(mail)"},
        ID | {"birth_date": {"column": "mail", "format": "%Q"}},
    ):
        try:
            door.load(columns, file)
        except TesseraError as error:
            said.append(str(error))
    assert len(said) >= 4
    assert not any("secret" in message for message in said)


def test_an_unreadable_file_does_not_print_its_lines(door):
    content = '{"mail": "ana.secret@example.com", "id": }'
    with pytest.raises(TesseraError) as error:
        door.load(ID, door.file("a.json", content))
    assert "secret" not in str(error.value)


CELLS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12
)


@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=12))
def test_any_table_of_texts_comes_back_row_for_row(new_door, rows):
    door = new_door()
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(("id", "name"))
    writer.writerows(rows)
    try:
        load = door.load(ID | {"label": "name"}, door.file("a.csv", text.getvalue()))
    except TesseraError as error:
        # Refused as a whole is said, not silent.
        assert "a.csv" in str(error)  # noqa: PT017
        return
    door.assert_nothing_lost()
    assert load.rows_in == len(rows)
    kept = {number: label for label, number in door.rows("label, source_row")}
    refused = {row for row, *_ in door.refused()}
    assert set(kept) | refused == set(range(1, len(rows) + 1))
    for number, label in kept.items():
        assert (label or "").strip() == rows[number - 1][1].strip()
