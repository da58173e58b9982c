"""Rules of the seeds: compiled, run, and refused when they cannot be read."""

import csv
from pathlib import Path

import duckdb
import jinja2
import pytest

ROOT = Path(__file__).parents[2]
COLUMNS = {"age_years": "integer", "region": "varchar", "seen_on": "date"}
PERSONS = """
    select * from (values
        (1, 24, 'Corse', date '2024-01-01'),
        (2, 25, 'Île-de-France', date '2024-06-30'),
        (3, 35, 'Val d''Oise', null),
        (4, 36, null, null),
        (5, null, 'Corse', null)
    ) as persons (person_key, age_years, region, seen_on)
"""


class RuleError(Exception):
    """What the macro raises through dbt's `exceptions`."""


class _Exceptions:
    @staticmethod
    def raise_compiler_error(message):
        raise RuleError(message)


@pytest.fixture(scope="module")
def compiled():
    """Give a function that compiles lines: alternative, variable, operator, value."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["exceptions"] = _Exceptions
    text = (ROOT / "macros" / "segment_predicate.sql").read_text(encoding="utf-8")
    macro = environment.from_string(text).module.segment_predicate
    names = ("alternative", "variable", "operator", "value")

    def compiled(*lines):
        return macro(
            "test-segment",
            [dict(zip(names, line, strict=True)) for line in lines],
            COLUMNS,
        )

    return compiled


def members(predicate):
    sql = f"select person_key from ({PERSONS}) where {predicate} order by all"
    return [key for (key,) in duckdb.sql(sql).fetchall()]


@pytest.mark.parametrize(
    ("variable", "operator", "value", "expected"),
    [
        ("age_years", "=", "25", [2]),
        ("age_years", "!=", "25", [1, 3, 4]),
        ("age_years", "<", "25", [1]),
        ("age_years", "<=", "25", [1, 2]),
        ("age_years", ">", "35", [4]),
        ("age_years", ">=", "35", [3, 4]),
        ("age_years", "between", "25|35", [2, 3]),
        ("age_years", "in", "24|36", [1, 4]),
        ("age_years", "not in", "24 | 36", [2, 3]),
        ("age_years", "known", None, [1, 2, 3, 4]),
        ("age_years", "unknown", None, [5]),
        ("region", "=", "Val d'Oise", [3]),
        ("region", "in", "Corse|Île-de-France", [1, 2, 5]),
        ("region", "not in", "Corse", [2, 3]),
        ("seen_on", ">=", "2024-06-30", [2]),
        (None, "otherwise", None, [1, 2, 3, 4, 5]),
    ],
)
def test_each_operator_has_rows_on_both_sides(
    compiled, variable, operator, value, expected
):
    assert members(compiled((1, variable, operator, value))) == expected


def test_conditions_of_one_alternative_hold_together_and_one_is_enough(compiled):
    predicate = compiled(
        (1, "age_years", ">=", "25"),
        (2, "region", "=", "Corse"),
        (1, "region", "!=", "Corse"),
        (2, "age_years", "unknown", None),
    )
    assert members(predicate) == [2, 3, 5]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ((1, "shoe_size", ">", "40"), "variable 'shoe_size' is no column .*age_years"),
        ((1, None, ">", "40"), "variable 'None' is no column"),
        ((1, "age_years", "=>", "40"), "operator '=>' is none of =, !=, <"),
        ((1, "age_years", "like", "4"), "operator 'like' is none of"),
        ((1, "age_years", ">", "forty"), "is a integer, and 'forty' is no number"),
        ((1, "age_years", ">", "1; drop table x"), "is no number"),
        ((1, "age_years", ">", None), "'age_years >' lacks a value"),
        ((1, "age_years", "between", "25"), "takes low|high, found '25'"),
        ((1, "region", "in", "Corse||Alsace"), "'region in' lacks a value"),
        ((1, "region", "known", "Corse"), "'known' takes no value, found 'Corse'"),
        ((1, "region", "otherwise", None), "takes neither a variable nor a value"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_segment(
    compiled, line, message
):
    with pytest.raises(RuleError, match=message) as error:
        compiled(line)
    assert "segment 'test-segment'" in str(error.value)


def test_text_cannot_leave_its_quotes(compiled):
    assert members(compiled((1, "region", "=", "x' or 'a' = 'a"))) == []


def test_every_segment_of_the_seed_has_a_rule_or_a_model():
    def read(name):
        with (ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    ruled = {line["segment_key"] for line in read("segment_rules")}
    modelled = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "models" / "segments" / "rules").glob("*.sql")
    )
    keys = [segment["segment_key"] for segment in read("rule_segments")]
    assert [key for key in keys if (key in ruled) == (f"'{key}'" in modelled)] == []


@pytest.fixture(scope="module")
def failures():
    """Give a function that runs the generic test on memberships written by hand."""
    text = (ROOT / "tests" / "generic" / "segmentations_keep_their_kind.sql").read_text(
        encoding="utf-8"
    )
    body = text[text.index("%}") + 2 : text.index("{% endtest %}")]
    template = jinja2.Environment().from_string(body)

    def failures(kind, *rows):
        connection = duckdb.connect()
        connection.execute(
            """
            create table persons as from (values
                (1, true), (2, true), (3, false)
            ) as persons (person_key, is_known);
            create table segmentations as from (values
                ('lifecycle', 'partition'), ('context', 'overlap')
            ) as declared (segmentation, kind);
            create table memberships (
                person_key bigint, segmentation varchar, segment_key varchar
            )
            """
        )
        if rows:
            connection.executemany("insert into memberships values (?, ?, ?)", rows)
        sql = template.render(
            model="memberships",
            kind=kind,
            segmentations="segmentations",
            persons="persons",
            condition="is_known",
        )
        return [finding for *_, finding in connection.execute(sql).fetchall()]

    return failures


NEW_1, NEW_2 = (1, "lifecycle", "new"), (2, "lifecycle", "new")


def test_a_partition_that_has_everybody_once_passes(failures):
    assert failures("partition", NEW_1, NEW_2) == []


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ((NEW_1,), "not in exactly one segment"),
        ((NEW_1, NEW_2, (2, "lifecycle", "lapsed")), "not in exactly one segment"),
        ((NEW_1, NEW_2, NEW_2), "one segment twice"),
        ((NEW_1, NEW_2, (1, "context", "online")), "declared otherwise, or not at all"),
        ((NEW_1, NEW_2, (1, "shoes", "large")), "declared otherwise, or not at all"),
    ],
)
def test_a_partition_that_is_none_fails(failures, rows, finding):
    assert set(failures("partition", *rows)) == {finding}


def test_an_overlap_may_have_none_or_several_but_none_twice(failures):
    online, weekend = (1, "context", "online"), (1, "context", "weekend")
    assert failures("overlap") == []
    assert failures("overlap", online, weekend) == []
    assert failures("overlap", online, online) == ["one segment twice"]
    assert failures("overlap", NEW_1) == ["declared otherwise, or not at all"]
