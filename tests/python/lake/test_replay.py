"""Behaviour of ``tessera.lake.replay``: out of the quarantine, and back."""

import csv
import stat
from datetime import date

import duckdb
import pytest
from click.testing import CliRunner

from tessera.errors import TesseraError
from tessera.lake import replay as replay_module
from tessera.lake.commands import quarantine
from tessera.lake.replay import Refusal, export_quarantine, replay_quarantine

TUESDAY, WEDNESDAY = date(2024, 7, 2), date(2024, 7, 3)
# Row 2 has no amount that anybody could read, row 3 no key, row 5 a time of no day.
THINGS = """id,label,amount,made,mail
1,one,"1,5",05/03/2024 10:00,a@example.com
2,two,many,05/03/2024 11:00,b@example.com
,three,"3,5",05/03/2024 12:00,c@example.com
4,four,"4,5",05/03/2024 13:00,d@example.com
5,five,"5,5",31/02/2024 13:00,e@example.com
"""
COLUMNS = {
    "thing_id": "id",
    "label": "label",
    "amount": {"column": "amount", "decimal": ","},
    "made_at": {
        "column": "made",
        "format": "%d/%m/%Y %H:%M",
        "time_zone": "Europe/Paris",
    },
    "email": "mail",
}


class Quarantine:
    """A lake of things, and a warehouse whose quarantine is written by hand."""

    def __init__(self, door):
        self.door = door
        self.warehouse = door.folder / "tessera.duckdb"
        self.folder = door.folder / "quarantine"
        self.file = self.folder / "test.things.csv"

    def build(self, *by_rule):
        """Write the mart: refused rows, and (load, row, column, rule) by rule."""
        rows = [
            (load_id, file, row, column, rule)
            for load_id, file, row, column, rule in self.door.rows(
                "loaded_on || '/' || load_id, file_name, row_number, column_name, rule",
                "ingest/refused_rows",
            )
        ]
        rows += [(load_id, "a.csv", *rest) for load_id, *rest in by_rule]
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute("create schema if not exists marts")
            connection.execute(
                """
                create or replace table marts.fct_quarantined_rows (
                    source_name varchar, table_name varchar, load_id varchar,
                    loaded_on date, file_name varchar, row_number bigint,
                    column_name varchar, value varchar, rule varchar,
                    reason varchar, remedy varchar
                )
                """
            )
            for load_id, file, row, column, rule in rows:
                connection.execute(
                    """
                    insert into marts.fct_quarantined_rows values (
                        'test', 'things', ?, '2024-07-01', ?, ?, ?, '***', ?,
                        'why', 'do'
                    )
                    """,
                    [load_id, file, row, column, rule],
                )

    def export(self):
        """Export to the folder; return the rows of the file as dicts."""
        export_quarantine(
            self.folder,
            warehouse=self.warehouse,
            lake=self.door.lake,
            contracts=self.door.contracts,
        )
        return self.read()

    def read(self):
        """Read the file of the table."""
        with self.file.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def correct(self, rows, **by_row):
        """Write the rows with corrections, given by row number as ``row_2={…}``."""
        for name, values in by_row.items():
            for row in rows:
                if row["row"] == name.removeprefix("row_"):
                    row.update(values)
        with self.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    def replay(self, *files, loaded_on=TUESDAY):
        """Replay the file of the table, or others."""
        return replay_quarantine(
            list(files or [self.file]),
            warehouse=self.warehouse,
            lake=self.door.lake,
            contracts=self.door.contracts,
            loaded_on=loaded_on,
        )

    def lake_files(self):
        """Every file of the lake with its content."""
        return {
            file: file.read_bytes()
            for file in self.door.lake.rglob("*.parquet")
            if file.name != "empty.parquet"
        }


@pytest.fixture
def things(door):
    """Give a quarantine of three rows: two refused at the door, one by rule."""
    door.load(COLUMNS, door.file("a.csv", THINGS))
    ((load_id,),) = door.rows("loaded_on || '/' || load_id", "ingest/loads")
    found = Quarantine(door)
    found.load_id = load_id
    found.build((load_id, 3, "thing_id", "required"))
    return found


def test_the_export_shows_each_row_with_its_fault_and_its_values(things):
    rows = things.export()
    assert [(row["row"], row["column"], row["value"], row["rule"]) for row in rows] == [
        ("2", "amount", "many", "not_a_decimal"),
        ("3", "thing_id", "", "required"),
        ("5", "made_at", "31/02/2024 13:00", "not_a_timestamp"),
    ]
    assert {(row["table"], row["load_id"], row["file"]) for row in rows} == {
        ("test.things", things.load_id, "a.csv")
    }
    # As the contract reads them: in UTC, with a decimal point; at fault as it came.
    assert rows[0]["made_at"] == "2024-03-05 10:00:00"
    assert rows[0]["amount"] == "many"
    assert rows[1]["amount"] == "3.5000"
    assert rows[2]["amount"] == "5.5000"
    assert rows[1]["email"] == "c@example.com"


def test_the_export_is_for_its_owner_alone(things):
    things.export()
    assert stat.S_IMODE(things.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(things.folder.stat().st_mode) == 0o700


def test_the_export_never_writes_over_corrections(things):
    things.export()
    before = things.file.read_bytes()
    with pytest.raises(TesseraError, match=r"test\.things\.csv.*already"):
        things.export()
    assert things.file.read_bytes() == before


def test_corrected_rows_come_in_typed_under_their_first_address(things):
    rows = things.export()
    things.correct(
        rows,
        row_2={"amount": "2.5"},
        row_3={"thing_id": "3"},
        row_5={"made_at": "2024-02-29 12:00:00"},
    )
    (replay,) = things.replay()
    assert (replay.replayed, replay.unchanged, replay.refusals) == (3, 0, ())
    columns = "thing_id, label, amount::varchar, made_at::varchar, source_file"
    rows = things.door.rows(f"source_row, {columns}")
    assert sorted(rows, key=str) == sorted(
        [
            (1, "1", "one", "1.5000", "2024-03-05 09:00:00", "a.csv"),
            (2, "2", "two", "2.5000", "2024-03-05 10:00:00", "a.csv"),
            (3, None, "three", "3.5000", "2024-03-05 11:00:00", "a.csv"),
            (3, "3", "three", "3.5000", "2024-03-05 11:00:00", "a.csv"),
            (4, "4", "four", "4.5000", "2024-03-05 12:00:00", "a.csv"),
            (5, "5", "five", "5.5000", "2024-02-29 12:00:00", "a.csv"),
        ],
        key=str,
    )


def test_a_replay_is_noted_row_by_row(things):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"}, row_3={"thing_id": "3"})
    things.replay()
    noted = things.door.rows(
        "quarantined_load_id, row_number, quarantined_on::varchar, column_name, value, "
        "rule, was_refused, replayed_by_load_id, source_file, source_row",
        "ingest/replayed_rows",
    )
    ledger = things.door.rows(
        "loaded_on || '/' || load_id, rows_in, rows_refused", "ingest/loads"
    )
    ((new_load, rows_in, rows_refused),) = [
        row for row in ledger if row[0] != things.load_id
    ]
    assert (rows_in, rows_refused) == (2, 0)
    assert noted == [
        (
            things.load_id, 2, "2024-07-01", "amount", "many", "not_a_decimal", True,
            new_load, "test.things.csv", 1,
        ),
        (
            things.load_id, 3, "2024-07-01", "thing_id", None, "required", False,
            new_load, "test.things.csv", 2,
        ),
    ]  # fmt: skip
    # The later load of a day wins where two rows have one key.
    assert new_load > things.load_id


def test_the_same_file_again_changes_nothing(things):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"})
    things.replay()
    before = things.lake_files()
    (replay,) = things.replay(loaded_on=WEDNESDAY)
    assert things.lake_files() == before
    assert (replay.replayed, replay.replayed_before, replay.unchanged) == (0, 1, 2)


def test_one_file_twice_in_one_command_comes_in_once(things):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"})
    first, second = things.replay(things.file, things.file)
    assert (first.replayed, second.replayed, second.replayed_before) == (1, 0, 1)


def test_what_nobody_corrected_stays_in_quarantine(things):
    things.export()
    before = things.lake_files()
    (replay,) = things.replay()
    assert (replay.replayed, replay.unchanged, replay.refusals) == (0, 3, ())
    assert things.lake_files() == before


def test_a_row_that_is_still_wrong_is_refused_at_its_place(things):
    rows = things.export()
    things.correct(
        rows, row_2={"amount": "some"}, row_5={"made_at": "2024-02-29 12:00"}
    )
    (replay,) = things.replay()
    assert replay.refusals == (Refusal(1, "amount", "not_a_decimal"),)
    assert (replay.replayed, replay.unchanged) == (1, 1)
    # Its second correction comes in; the other is in already.
    things.correct(things.read(), row_2={"amount": "2.5"})
    (replay,) = things.replay()
    assert (replay.replayed, replay.replayed_before, replay.unchanged) == (1, 1, 1)


def test_what_was_replayed_is_not_exported_again(things):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"})
    things.replay()
    things.file.unlink()
    assert [row["row"] for row in things.export()] == ["3", "5"]


def test_rows_of_two_loads_with_one_number_stay_apart(things):
    text = "id,label,amount,made,mail\n8,eight,x,05/03/2024 10:00,\n9,nine,y,,\n"
    things.door.load(COLUMNS, things.door.file("b.csv", text))
    things.build((things.load_id, 3, "thing_id", "required"))
    rows = things.export()
    for row in rows:
        row["thing_id"], row["amount"] = row["thing_id"] or "3", "7"
        row["made_at"] = "2024-03-05"
    things.correct(rows)
    (replay,) = things.replay()
    assert [load.rows_in for load in replay.loads] == [3, 2]
    came_back = things.door.rows("source_file, source_row, thing_id, amount::int")
    assert [row for row in came_back if row[3] == 7] == [
        ("b.csv", 1, "8", 7), ("a.csv", 2, "2", 7), ("b.csv", 2, "9", 7),
        ("a.csv", 3, "3", 7), ("a.csv", 5, "5", 7),
    ]  # fmt: skip


def test_addresses_that_are_not_in_quarantine_are_refused(things):
    rows = things.export()
    rows.append(rows[0] | {"amount": "2.5"})
    rows.append(rows[0] | {"row": "4", "amount": "9"})
    rows.append(rows[0] | {"row": "four", "amount": "9"})
    rows.append(rows[0] | {"load_id": "unheard-of", "amount": "9"})
    things.correct(rows)
    (replay,) = things.replay()
    assert [(refusal.row_number, refusal.rule) for refusal in replay.refusals] == [
        (4, "address_twice"),
        (5, "not_in_quarantine"),
        (6, "not_in_quarantine"),
        (7, "not_in_quarantine"),
    ]
    assert replay.replayed == 0


def test_a_line_that_could_not_be_read_is_shown_and_filled_in_by_hand(door):
    door.load(
        {"thing_id": "id", "label": "name"}, door.file("a.csv", "id,name\n1,a\n2,b,c\n")
    )
    found = Quarantine(door)
    found.build()
    (row,) = found.export()
    assert (row["row"], row["rule"], row["value"]) == ("2", "unreadable_row", "2,b,c")
    found.correct([row], row_2={"thing_id": "2", "label": "b, c"})
    (replay,) = found.replay()
    assert replay.replayed == 1
    assert door.rows("thing_id, label, source_row") == [("1", "a", 1), ("2", "b, c", 2)]


def test_a_file_of_others_is_addressed_by_its_rows(door):
    door.load({"thing_id": "id"}, door.file("a.csv", "id\n1\n"))
    folder = door.lake / "test" / "things" / "loaded_on=2024-07-01"
    duckdb.execute(
        "copy (select 'x' as thing_id, null::varchar as label union all "
        f"select null, 'nameless') to '{folder}/theirs.parquet'"
    )
    found = Quarantine(door)
    found.build(("2024-07-01/theirs", 2, "thing_id", "required"))
    (row,) = found.export()
    assert (row["load_id"], row["row"], row["label"]) == (
        "2024-07-01/theirs", "2", "nameless",
    )  # fmt: skip
    found.correct([row], row_2={"thing_id": "y"})
    assert found.replay()[0].replayed == 1


def test_a_file_saved_by_excel_with_semicolons_is_read(things):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"})
    with things.file.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    (replay,) = things.replay()
    assert (replay.replayed, replay.unchanged) == (1, 2)


def test_a_killed_replay_is_healed_by_the_next(things, monkeypatch):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"})
    write = replay_module.write_parquet

    def die_before_the_note(connection, query, path):
        if path.parent.parent.name == "replayed_rows":
            raise KeyboardInterrupt
        return write(connection, query, path)

    with monkeypatch.context() as patch:
        patch.setattr(replay_module, "write_parquet", die_before_the_note)
        with pytest.raises(KeyboardInterrupt):
            things.replay()
    (replay,) = things.replay(loaded_on=WEDNESDAY)
    assert replay.replayed == 1
    assert sorted(things.door.texts("thing_id"), key=str) == ["1", "2", "4", None]
    assert len(things.door.rows("load_id", "ingest/loads")) == 2
    assert len(things.door.rows("row_number", "ingest/replayed_rows")) == 1


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("id,name\n1,a\n", "no column `table`"),
        ("table,load_id,file,row\ntest.nothing,a,b,1\n", "one table"),
        ("table,load_id,file,row\ntest.things,a,b,1\n", "thing_id, label"),
    ],
)
def test_a_file_that_is_not_of_the_quarantine_is_refused_before_any_row(
    things, text, part
):
    rows = things.export()
    things.correct(rows, row_2={"amount": "2.5"})
    before = things.lake_files()
    with pytest.raises(TesseraError, match=r"other\.csv") as error:
        things.replay(things.file, things.door.file("other.csv", text))
    assert part in str(error.value)
    assert things.lake_files() == before


def test_without_a_build_there_is_no_quarantine(things):
    things.warehouse.unlink()
    with pytest.raises(TesseraError, match="dbt build"):
        things.export()
    duckdb.connect(str(things.warehouse)).close()
    with pytest.raises(TesseraError, match="dbt build"):
        things.export()


def test_an_empty_quarantine_writes_no_file(things):
    with duckdb.connect(str(things.warehouse)) as connection:
        connection.execute("delete from marts.fct_quarantined_rows")
    assert (
        export_quarantine(
            things.folder,
            warehouse=things.warehouse,
            lake=things.door.lake,
            contracts=things.door.contracts,
        )
        == []
    )


def test_the_commands_say_what_became_of_each_row_and_no_value(
    things, contract_folder, monkeypatch, tmp_path
):
    project = tmp_path / "project"
    project.mkdir()
    (project / "dbt_project.yml").touch()
    (project / "models").symlink_to(contract_folder / "models")
    monkeypatch.chdir(project)
    monkeypatch.setenv("TESSERA_LAKE", str(things.door.lake))
    monkeypatch.setenv("TESSERA_WAREHOUSE", str(things.warehouse))
    runner = CliRunner()
    done = runner.invoke(quarantine, ["export", "--out", str(things.folder)])
    assert done.exit_code == 0, done.output
    assert "test.things: 3 rows" in done.output
    assert "personal data" in done.output
    things.correct(things.read(), row_2={"amount": "secret"}, row_3={"thing_id": "3"})
    done = runner.invoke(
        quarantine, ["replay", str(things.file), "--loaded-on", "2024-07-02"]
    )
    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "test.things <- test.things.csv: 1 back in the lake, 1 unchanged, "
        "1 still refused",
        "  row 1: amount not_a_decimal",
        "`dbt build` takes them in.",
    ]


def test_a_file_saved_as_a_workbook_is_read(things):
    import openpyxl

    rows = things.export()
    rows[0]["amount"] = 2.5
    workbook = openpyxl.Workbook()
    workbook.active.append(list(rows[0]))
    for row in rows:
        workbook.active.append(list(row.values()))
    path = things.folder / "corrected.xlsx"
    workbook.save(path)
    (replay,) = things.replay(path)
    assert (replay.replayed, replay.unchanged, replay.refusals) == (1, 2, ())
