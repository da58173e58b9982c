"""A company without any source, and one that has not laid out its lake yet."""

import pytest

# Segments by rule are listed whoever is in them, with their rules, sizes and gates; and
# there is a calendar.
RULE_MARTS = {
    "dim_days",
    "dim_segments",
    "dim_segment_rules",
    "dim_personas",
    "fct_segment_sizes_daily",
    "fct_gate_results",
}


def test_an_empty_lake_builds_empty_marts(empty):
    names = empty.query(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    )
    counts = {
        name: empty.value(f"select count(*) from marts.{name}") for (name,) in names
    }
    filled = {name for name, count in counts.items() if count}
    assert counts
    assert filled <= RULE_MARTS


def test_segments_of_an_empty_lake_hold_nobody(empty):
    assert empty.query(
        "select distinct person_count, person_share, revenue_share "
        "from marts.dim_segments"
    ) == [(0, 0, 0)]


def test_an_empty_lake_has_one_clock(empty):
    assert empty.query(
        "select as_of_date::varchar, last_seen_on from intermediate.int_clock"
    ) == [("1970-01-01", None)]


@pytest.mark.slow
def test_a_second_build_of_an_empty_lake_is_green(shop):
    # The first was tested; here it is about what is built upon itself.
    shop.build("--exclude", "resource_type:test", "resource_type:seed")


def test_without_a_lake_the_build_says_how_to_make_one(workspace):
    result = workspace.dbt("build", exit_code=None)
    assert result.exit_code != 0
    assert "tessera lake init" in result.log
