"""The entries `sql` and `optional` of an input: what they do, and wrong ones."""

import pytest

from tessera.errors import TesseraError

WIDE = "person,size,colour\np1,XL,red\np2,,blue\n"
LONG = """
inputs:
  answers:
    files: "*.csv"
    sql: >
      with positions as (
          select column_name as question, column_index
          from duckdb_columns() where table_name = 'export'
      )
      select answers.* replace (source_row * 1000 + column_index as source_row)
      from (
          unpivot export on columns(* exclude (source_row, source_file, person))
          into name question value answer
      ) as answers
      inner join positions using (question)
tables:
  survey.responses:
    columns:
      response_id: person
      question_id: question
      survey_id: source_file
      respondent_id: person
      answered_at: "'2024-03-05'"
      answer: answer
"""


def contacts(inputs, email="email"):
    """Write a mapping of contacts whose inputs are as given."""
    return f"""
inputs: {inputs}
tables:
  crm.contacts:
    columns: {{contact_id: id, email: {email}}}
"""


@pytest.fixture
def refusal(sample_lake):
    """Message that a mapping is refused with."""

    def refuse(mapping, text="id,mail\n1,a@example.com\n"):
        with pytest.raises(TesseraError) as error:
            sample_lake.ingest(
                sample_lake.mapping(mapping), sample_lake.file("a.csv", text)
            )
        assert sample_lake.files() == []
        return str(error.value)

    return refuse


def test_wide_becomes_long_and_every_row_has_an_address(sample_lake):
    sample_lake.ingest(sample_lake.mapping(LONG), sample_lake.file("sizes.csv", WIDE))
    columns = "response_id, question_id, answer, survey_id, source_row"
    assert sample_lake.rows("survey.responses", columns) == [
        ("p1", "size", "XL", "sizes.csv", "1003"),
        ("p1", "colour", "red", "sizes.csv", "1004"),
        ("p2", "colour", "blue", "sizes.csv", "2004"),
    ]


def test_an_optional_column_is_null_where_the_file_lacks_it(sample_lake):
    mapping = sample_lake.mapping(
        contacts("{all: {files: '*', optional: [Mail, City]}}", "'\"Mail\"'")
    )
    files = [
        sample_lake.file("a.csv", "id\n1\n"),
        sample_lake.file("b.csv", "id,MAIL\n2,b@example.com\n"),
    ]
    sample_lake.ingest(mapping, *files)
    assert sorted(sample_lake.rows("crm.contacts", "contact_id, email")) == [
        ("1", None),
        ("2", "b@example.com"),
    ]


def test_a_parquet_file_is_reshaped_too(sample_lake, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(
        pa.table({"id": ["1"], "mails": [["a@example.com"]]}), tmp_path / "a.parquet"
    )
    sql = "select *, mails[1] as email from export"
    mapping = sample_lake.mapping(contacts(f"{{all: {{files: '*', sql: '{sql}'}}}}"))
    sample_lake.ingest(mapping, tmp_path / "a.parquet")
    assert sample_lake.rows("crm.contacts", "contact_id, email") == [
        ("1", "a@example.com")
    ]


def test_a_select_that_names_a_missing_column_is_refused_with_those_there_are(refusal):
    message = refusal(
        contacts("{all: {files: '*', sql: 'select *, titel as email from export'}}")
    )
    for part in ("a.csv", "mapping.yml", "inputs.all", "sql", "titel", "id, mail"):
        assert part in message


def test_a_select_that_is_no_sql_is_refused(refusal):
    message = refusal(contacts("{all: {files: '*', sql: 'pivot wider please'}}"))
    for part in ("a.csv", "mapping.yml", "inputs.all", "sql"):
        assert part in message


def test_rows_that_share_an_address_are_refused(refusal):
    sql = "select * from export, (values (1), (2)) as copies(copy)"
    message = refusal(contacts(f"{{all: {{files: '*', sql: '{sql}'}}}}"))
    for part in ("a.csv", "mapping.yml", "inputs.all", "source_row 1", "* 1000"):
        assert part in message


def test_rows_without_an_address_are_refused(refusal):
    message = refusal(contacts("{all: {files: '*', sql: 'select id from export'}}"))
    for part in ("a.csv", "mapping.yml", "inputs.all", "source_row"):
        assert part in message


def test_a_select_that_fails_on_a_row_quotes_no_value(refusal):
    sql = "select *, cast(mail as date) as email from export"
    message = refusal(contacts(f"{{all: {{files: '*', sql: '{sql}'}}}}"))
    assert "try_cast" in message
    assert "example.com" not in message


@pytest.mark.parametrize(
    "entry",
    [
        "{sql: 'select * from export'}",
        "{files: '*', optional: Mail}",
        "{files: '*', unpivot: [a]}",
        "{files: '*', sql: [select]}",
        "{files: 3}",
        "['*']",
    ],
)
def test_an_input_that_is_none_is_named(refusal, entry):
    message = refusal(contacts(f"{{all: {entry}}}"))
    for part in ("mapping.yml", "inputs.all", "files", "sql", "optional"):
        assert part in message
