"""Files as they come: every format, every pretence, every encoding."""

import gzip
import json
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tessera.errors import TesseraError

ROWS = [("007", "Ana"), ("0012", "Bo"), ("1e5", "Çelik")]
COLUMNS = {"thing_id": "id", "label": "name"}


def csv_text(separator=","):
    return "\n".join(separator.join(row) for row in [("id", "name"), *ROWS]) + "\n"


def sheet(path, rows):
    """Write a workbook of one sheet."""
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(path)
    return path


def objects():
    return [dict(zip(("id", "name"), row, strict=True)) for row in ROWS]


def write_as(door, name):
    """Write ROWS as a file of that name."""
    path = door.folder / name
    match name:
        case "comma.csv":
            return door.file(name, csv_text())
        case "semicolon.csv":
            return door.file(name, csv_text(";"))
        case "tab.tsv":
            return door.file(name, csv_text("\t"))
        case "bom.csv":
            return door.file(name, b"\xef\xbb\xbf" + csv_text().encode())
        case "windows.csv":
            return door.file(name, csv_text().replace("\n", "\r\n"))
        case "small.csv.gz":
            return door.file(name, gzip.compress(csv_text().encode()))
        case "array.json":
            return door.file(name, json.dumps(objects()))
        case "array.json.gz":
            return door.file(name, gzip.compress(json.dumps(objects()).encode()))
        case "lines.jsonl" | "lines.json":
            return door.file(name, "\n".join(map(json.dumps, objects())))
        case "columns.parquet":
            pq.write_table(pa.Table.from_pylist(objects()), path)
            return path
        case "sheet.xlsx":
            return sheet(path, [("id", "name"), *ROWS])
        case "QUOTE's É 1.csv":
            return door.file(name, csv_text())
    raise AssertionError(name)


@pytest.mark.parametrize(
    "name",
    [
        "comma.csv", "semicolon.csv", "tab.tsv", "bom.csv", "windows.csv",
        "small.csv.gz", "array.json", "array.json.gz", "lines.jsonl", "lines.json",
        "columns.parquet", "sheet.xlsx", "QUOTE's É 1.csv",
    ],
)  # fmt: skip
def test_every_format_gives_the_same_rows(door, name):
    load = door.load(COLUMNS, write_as(door, name))
    assert (load.rows_in, load.rows_refused) == (3, 0)
    assert door.rows("thing_id, label, source_file, source_row") == [
        (*row, name, number) for number, row in enumerate(ROWS, start=1)
    ]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.csv", "columns.parquet", "parquet"),
        ("a.parquet", "comma.csv", "does not"),
        ("a.xlsx", "comma.csv", "does not"),
        ("a.csv", "sheet.xlsx", "xlsx"),
        ("a.csv", "array.json", "json"),
        ("a.json", "comma.csv", ""),
        ("a.csv", "small.csv.gz", "gzip"),
        ("a.csv.gz", "comma.csv", "gzip"),
        ("a.csv", b"\x00\x01\x02\x03" * 100, "binary"),
        ("a.csv", b"<html><table></table></html>", "html"),
        ("a.parquet", b"PAR1 and then nothing", ""),
        ("a.xlsx", b"PK\x03\x04 and then nothing", ""),
        ("a.json", b'{"id": 1', ""),
        ("a.csv.gz", b"\x1f\x8b and then nothing", ""),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"", "empty"),
        ("a.pdf", b"%PDF", "unknown ending"),
        ("a", b"id\n1\n", "unknown ending"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(door, name, content, found):
    if isinstance(content, str):
        content = write_as(door, content).read_bytes()
    with pytest.raises(TesseraError, match=r"^a(\.|:)") as error:
        door.load(COLUMNS, door.file(name, content))
    assert name in str(error.value)
    assert found in str(error.value)
    assert not door.has_data()


def test_a_missing_file_is_named(door):
    with pytest.raises(TesseraError, match=r"nothing\.csv: there is no such file"):
        door.load(COLUMNS, door.folder / "nothing.csv")


def test_a_line_of_another_encoding_is_refused_and_not_garbled(door):
    load = door.load(COLUMNS, door.file("a.csv", csv_text().encode("latin-1")))
    assert load.rows_in == 3
    assert door.rows("thing_id, label") == ROWS[:2]
    ((row, _, _, rule),) = door.refused()
    assert (row, rule) == (3, "unreadable_row")
    door.assert_nothing_lost()


def test_lines_with_too_many_or_too_few_columns_are_refused_by_their_row(door):
    content = "id,name\n1,a\n2,b,c\n3,d\n4\n5,e\n"
    load = door.load(COLUMNS, door.file("a.csv", content))
    assert (load.rows_in, load.rows_refused) == (5, 2)
    assert door.texts("thing_id") == ["1", "3", "5"]
    assert [(row, rule) for row, _, _, rule in door.refused()] == [
        (2, "unreadable_row"),
        (4, "unreadable_row"),
    ]
    door.assert_nothing_lost()


def test_rows_below_an_unreadable_line_keep_their_number(door):
    content = "id,name,amount\n1,a,1\n2,b,c,9\n3,d,x\n"
    columns = COLUMNS | {"amount": "amount"}
    door.load(columns, door.file("a.csv", content))
    assert door.rows("source_row") == [(1,)]
    assert [(row, rule) for row, _, _, rule in door.refused()] == [
        (2, "unreadable_row"),
        (3, "not_a_decimal"),
    ]


def test_an_unclosed_quote_loses_no_row_in_silence(door):
    load = door.load(COLUMNS, door.file("a.csv", 'id,name\n1,a\n2,"b\n3,c\n'))
    assert load.rows_in == 3
    assert door.texts("thing_id")[:1] == ["1"]
    door.assert_nothing_lost()


def test_a_quoted_cell_may_hold_separators_and_line_breaks(door):
    content = 'id,name\n1,"a, b\nc ""d"""\n2,e\n'
    door.load(COLUMNS, door.file("a.csv", content))
    assert door.rows("thing_id, label") == [("1", 'a, b\nc "d"'), ("2", "e")]


def test_a_header_without_rows_is_an_empty_load(door):
    load = door.load(COLUMNS, door.file("a.csv", "id,name\n"))
    assert (load.rows_in, load.rows_refused) == (0, 0)


def test_one_column_is_enough(door):
    door.load({"thing_id": "id"}, door.file("a.csv", "id\n007\n8\n"))
    assert door.texts("thing_id") == ["007", "8"]


def test_short_first_lines_are_not_taken_for_remarks(door):
    # Readers that guess skip lines until the columns agree.
    content = "id,name\n1\n2\n" + "".join(f"{i},x,y\n" for i in range(3, 30))
    load = door.load(COLUMNS, door.file("a.csv", content))
    assert (load.rows_in, load.rows_refused) == (29, 29)
    door.assert_nothing_lost()


def test_lines_that_open_with_a_hash_are_no_remarks(door):
    content = "id,name\n#1,a\n#2,b\n#\n3,c\n"
    load = door.load(COLUMNS, door.file("a.csv", content))
    assert (load.rows_in, load.rows_refused) == (4, 1)
    assert door.texts("thing_id") == ["#1", "#2", "3"]


def test_cells_of_excel_keep_what_they_say(door):
    path = sheet(
        door.folder / "a.xlsx",
        [
            ("id", "amount", "day", "moment", "new", "zip"),
            (1, 12.5, date(2024, 3, 5), datetime(2024, 3, 5, 6, 7, 8), True, "01234"),
            (2.0, "7", None, None, False, 75001),
        ],
    )
    door.load(
        {
            "thing_id": "id",
            "amount": "amount",
            "made_on": "day",
            "made_at": "moment",
            "is_new": "new",
            "label": "zip",
        },
        path,
    )
    assert door.rows(
        "thing_id, amount::double, made_on::varchar, made_at::varchar, is_new, label"
    ) == [
        ("1", 12.5, "2024-03-05", "2024-03-05 06:07:08", True, "01234"),
        ("2", 7.0, None, None, False, "75001"),
    ]


def test_two_columns_of_excel_with_one_name_are_refused(door):
    path = sheet(door.folder / "a.xlsx", [("id", "name", "name"), (1, "a", "b")])
    with pytest.raises(TesseraError, match=r"a\.xlsx.*name"):
        door.load(COLUMNS, path)


def test_a_column_of_excel_without_a_name_is_refused(door):
    path = sheet(door.folder / "a.xlsx", [("id", None, "name"), (1, "a", "b")])
    with pytest.raises(TesseraError, match=r"a\.xlsx: column 2 .*no name"):
        door.load(COLUMNS, path)


def test_an_empty_sheet_is_refused(door):
    with pytest.raises(TesseraError, match=r"a\.xlsx.*empty"):
        door.load(COLUMNS, sheet(door.folder / "a.xlsx", []))


def test_a_number_of_excel_is_never_read_with_a_decimal_comma(door):
    path = sheet(door.folder / "a.xlsx", [("id", "amount"), (1, 12.5), (2, "1.234,5")])
    columns = {"thing_id": "id", "amount": {"column": "amount", "decimal": ","}}
    door.load(columns, path)
    read = dict(door.rows("source_row, amount::varchar"))
    assert read[2] == "1234.5000"
    # Read as the number it is, or refused; never as 125.
    assert read.get(1, "12.5000") == "12.5000"
    door.assert_nothing_lost()


def test_a_number_of_parquet_is_never_read_with_a_decimal_comma(door):
    path = door.folder / "a.parquet"
    pq.write_table(pa.table({"id": ["1"], "amount": [12.5]}), path)
    columns = {"thing_id": "id", "amount": {"column": "amount", "decimal": ","}}
    door.load(columns, path)
    assert door.texts("amount") == ["12.5000"]


def test_a_json_time_with_a_format_is_read_by_it(door):
    content = json.dumps([{"id": "1", "moment": "2024-03-05T06:07:08Z"}])
    columns = {
        "thing_id": "id",
        "made_at": {"column": "moment", "format": "%Y-%m-%dT%H:%M:%SZ"},
    }
    door.load(columns, door.file("a.json", content))
    assert door.texts("made_at") == ["2024-03-05 06:07:08"]


def test_json_numbers_written_as_text_keep_their_zeros(door):
    content = json.dumps([{"id": "007", "name": 1}, {"id": "0012", "name": "x"}])
    door.load(COLUMNS, door.file("a.json", content))
    assert door.texts("thing_id") == ["007", "0012"]


def test_a_file_may_have_a_column_named_source_row(door):
    door.load({"thing_id": "id"}, door.file("a.csv", "id,source_row\n7,1\n8,2\n"))
    assert door.rows("thing_id, source_row") == [("7", 1), ("8", 2)]


@pytest.mark.parametrize("name", ["Order ID", "order", "Größe (cm)", "group", "a.b"])
def test_a_column_of_the_file_is_meant_whatever_its_name(door, name):
    door.load({"thing_id": name}, door.file("a.csv", f"{name},x\n7,1\n"))
    assert door.texts("thing_id") == ["7"]
