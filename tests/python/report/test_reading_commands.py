"""The commands that people and machines read with: report, segments, person."""

import json
import shutil
from datetime import date

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from tessera.cli import main
from tessera.errors import TesseraError
from tessera.person import UnknownPersonError, explain_person

PERSON, MERGED = 10_000_007, 77
EXTRAS = f"""
    create schema features;
    create table features.ftr_person_matrix (person_key bigint, order_count double);
    create table features.ftr_person_groups (person_key bigint, region varchar);
    create schema fits;
    create table marts.fct_segment_tags (
        person_key bigint, segmentation varchar, segment_key varchar
    );
    insert into marts.fct_segment_tags values ({PERSON}, 'context', 'context-weekend');
    create table marts.fct_person_key_changes (
        from_person_key bigint, to_person_key bigint, changed_on date,
        change_type varchar
    );
    insert into marts.fct_person_key_changes
    values ({MERGED}, {PERSON}, date '2025-06-01', 'merged');
    create table marts.fct_segment_membership_history (
        person_key bigint, segmentation varchar, segment_key varchar,
        valid_from date, valid_to date
    );
    insert into marts.fct_segment_membership_history values
        ({PERSON}, 'rfm', 'rfm-promising', '2025-05-01', '2025-06-30'),
        ({PERSON}, 'rfm', 'rfm-champions', '2025-06-30', null);
    create table marts.fct_segment_movements (
        person_key bigint, segmentation varchar, from_segment_key varchar,
        to_segment_key varchar, moved_on date, cause varchar, behaviour_share double,
        model_share double, threshold_share double, identity_share double
    );
    insert into marts.fct_segment_movements values (
        {PERSON}, 'rfm', 'rfm-promising', 'rfm-champions', '2025-06-30', 'behaviour',
        0.75, 0, 0.25, 0
    );
"""


@pytest.fixture
def project(warehouse, tmp_path, monkeypatch):
    """Give a project whose warehouse is full and that has published nothing."""
    (tmp_path / "dbt_project.yml").touch()
    (tmp_path / "warehouse").mkdir()
    shutil.copyfile(warehouse, tmp_path / "warehouse" / "tessera.duckdb")
    for name in ("WAREHOUSE", "PUBLISHED", "SITE", "LAKE"):
        monkeypatch.delenv(f"TESSERA_{name}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def explained(warehouse, tmp_path):
    """Give a warehouse that knows one person's past too."""
    whole = shutil.copyfile(warehouse, tmp_path / "whole.duckdb")
    with duckdb.connect(str(whole)) as connection:
        connection.execute(EXTRAS)
    return whole


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_segments_for_people_and_for_machines(project):
    said = run("segments")
    assert said.exit_code == 0
    assert "Champions" in said.output
    assert "stability" in said.output
    rows = json.loads(run("segments", "--json").output)
    assert {row["segmentation"] for row in rows} == {"behaviour", "context", "rfm"}
    shares = [row["person_share"] for row in rows if row["segmentation"] == "rfm"]
    assert sum(shares) == pytest.approx(1)


def test_the_report_reads_what_is_published(project):
    said = run("report")
    assert said.exit_code == 1
    assert "`tessera publish`" in said.output
    assert "--warehouse" in said.output
    (project / "published").mkdir()
    (project / "warehouse" / "tessera.duckdb").rename(
        project / "published" / "tessera.duckdb"
    )
    said = run("report", "--json")
    assert said.exit_code == 0, said.output
    answer = json.loads(said.output)
    assert answer["page_count"] == 34
    assert answer["has_lineage"] is False
    assert (project / "site" / "fr" / "segments" / "rfm-champions.html").is_file()


def test_questions_about_identity_for_machines(project, monkeypatch):
    asked = pd.DataFrame({"review_kind": ["match"], "as_of_date": [date(2025, 6, 30)]})
    monkeypatch.setattr(
        "tessera.identity.reviews.read_reviews", lambda warehouse, **asking: asked
    )
    (row,) = json.loads(run("identity", "reviews", "--json").output)
    assert row["review_kind"] == "match"


def test_a_person_is_explained(explained):
    told = explain_person(explained, PERSON)
    assert told.as_of_date == date(2025, 6, 30)
    assert {one.segmentation for one in told.memberships} == {"rfm", "behaviour"}
    assert told.tags == ("Weekend shoppers",)
    assert [stay.segment_name for stay in told.history] == ["Promising", "Champions"]
    (move,) = told.moves
    assert (move.from_name, move.to_name) == ("Promising", "Champions")
    assert move.shares["threshold"] == 0.25


def test_scores_stand_between_the_edges_that_gave_them(explained):
    with duckdb.connect(str(explained), read_only=True) as connection:
        keys = connection.execute(
            "select person_key from marts.fct_person_scores order by 1 limit 60"
        ).fetchall()
    reasons = set()
    for (key,) in keys:
        told = explain_person(explained, key)
        for score in told.scores:
            if score.points == 0:
                assert score.above is None
                assert score.up_to is None
                continue
            assert score.above is None or score.value > score.above
            assert score.up_to is None or score.value <= score.up_to
        reasons |= {one.reason for one in told.memberships if one.segmentation == "rfm"}
    assert any("recency_score between 3 and 5" in reason for reason in reasons)
    assert any("recency_score = 0" in reason for reason in reasons)


def test_a_person_whose_key_changed_is_found_under_the_new_one(explained):
    with pytest.raises(UnknownPersonError, match=f"merged on 2025-06-01.*{PERSON}"):
        explain_person(explained, MERGED)
    with pytest.raises(UnknownPersonError, match="no person 5:"):
        explain_person(explained, 5)


def test_a_person_in_a_file_without_features_says_what_to_do(warehouse):
    with pytest.raises(TesseraError, match=r"a table is missing.*`dbt build`"):
        explain_person(warehouse, PERSON)


def test_a_person_on_the_screen_and_for_machines(explained, project):
    shutil.copyfile(explained, project / "warehouse" / "tessera.duckdb")
    said = run("person", str(PERSON))
    assert said.exit_code == 0, said.output
    for words in ("Moves, the latest first", "behaviour (75 %), threshold (25 %)"):
        assert words in said.output
    answer = json.loads(run("person", str(PERSON), "--json").output)
    assert answer["moves"][0]["moved_on"] == "2025-06-30"
    # Keys are 64 bits and may be negative.
    assert "no person -17" in run("person", "-17").output
