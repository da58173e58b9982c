"""Answers to the review queue, taken into the seed of decisions."""

import csv
from datetime import date

import pytest
from click.testing import CliRunner

from tessera.cli import main
from tessera.errors import TesseraError
from tessera.identity.answers import SEED_COLUMNS, Answers, take_answers
from tessera.identity.reviews import COLUMNS

HEADER = ",".join(SEED_COLUMNS) + "\n"


@pytest.fixture
def seed(tmp_path):
    path = tmp_path / "identity_decisions.csv"
    path.write_text(HEADER, encoding="utf-8")
    return path


@pytest.fixture
def write_answers(tmp_path):
    def write(*rows, name="answers.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


def answer(decision, left="c1", right="a,1", reason="", **other):
    return {
        "as_of_date": "2024-06-30",
        "left_source": "crm",
        "left_profile_id": left,
        "right_source": "shop",
        "right_profile_id": right,
        "decision": decision,
        "reason": reason,
        **other,
    }


def test_answers_are_appended_with_the_night_that_asked(seed, write_answers):
    file = write_answers(answer(" Same ", reason="called her, twice"), answer("", "c2"))
    assert take_answers(file, seed) == Answers(added=1, known=0, open=1)
    assert seed.read_text(encoding="utf-8") == (
        HEADER + 'crm,c1,shop,"a,1",same,2024-06-30,"called her, twice"\n'
    )


def test_the_same_file_twice_changes_nothing(seed, write_answers):
    file = write_answers(answer("same"), answer("different", "c2"))
    take_answers(file, seed)
    before = seed.read_bytes()
    assert take_answers(file, seed) == Answers(added=0, known=2, open=0)
    assert seed.read_bytes() == before


def test_a_pair_is_the_same_pair_the_other_way_round(seed, write_answers):
    take_answers(write_answers(answer("same")), seed)
    turned = answer(
        "same", left="a,1", right="c1", left_source="shop", right_source="crm"
    )
    assert take_answers(write_answers(turned), seed).known == 1


def test_a_later_answer_takes_an_earlier_one_back(seed, write_answers):
    take_answers(write_answers(answer("same")), seed)
    back = write_answers(answer("different"))
    assert take_answers(back, seed, date(2024, 7, 2)).added == 1
    assert [row[4:6] for row in csv.reader(seed.open())][1:] == [
        ["same", "2024-06-30"],
        ["different", "2024-07-02"],
    ]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (answer("maybe"), "`same` or `different`"),
        (answer("same", right=""), "an alarm names no two profiles"),
        (answer("same", left_source="cms"), "a source should be one of"),
        (answer("same", "7", "7", right_source="crm"), "always one person"),
        (answer("same", as_of_date="30/06/2024"), "YYYY-MM-DD"),
    ],
)
def test_one_answer_that_does_not_fit_takes_nothing_in(seed, write_answers, row, rule):
    file = write_answers(answer("same", "c9"), row)
    with pytest.raises(TesseraError, match=rule) as caught:
        take_answers(file, seed)
    assert "line 3" in str(caught.value)
    assert seed.read_text(encoding="utf-8") == HEADER


def test_two_words_on_one_day_are_refused(seed, write_answers):
    file = write_answers(answer("same"), answer("different"))
    with pytest.raises(TesseraError, match="twice on 2024-06-30"):
        take_answers(file, seed)
    assert seed.read_text(encoding="utf-8") == HEADER


def test_a_file_of_another_kind_is_refused(seed, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text("name,decision\nanna,same\n", encoding="utf-8")
    with pytest.raises(TesseraError, match="lacks the columns left_source"):
        take_answers(other, seed)


def test_the_command_says_what_it_did(seed, write_answers, tmp_path, monkeypatch):
    (tmp_path / "dbt_project.yml").touch()
    (tmp_path / "seeds").mkdir()
    seed.rename(tmp_path / "seeds" / seed.name)
    monkeypatch.chdir(tmp_path)
    file = write_answers(answer("same"), answer("", "c2"))
    said = CliRunner().invoke(main, ["identity", "answer", str(file)])
    assert said.exit_code == 0
    assert "1 decisions added, 0 known before, 1 questions open" in said.output
