"""The default demo: the same twice, whether from scratch or over itself."""

import pytest

TABLES = (
    "marts.fct_segment_memberships",
    "marts.dim_segments",
    "marts.fct_model_versions",
    "marts.fct_person_scores",
    "marts.fct_thresholds",
)
WITHOUT_TESTS = ("--exclude", "resource_type:test")


def answers(workspace):
    """Every row of what campaigns and dashboards rely on."""
    return {table: workspace.query(f"from {table} order by all") for table in TABLES}


@pytest.fixture(scope="module")
def builds(new_workspace, mappings, complete_journey_files):
    """Two workspaces built from nothing, the files of the second in another order."""
    workspaces = []
    for name, files, options in (
        ("first", complete_journey_files, ()),
        # It is compared with the first, which was tested.
        ("second", complete_journey_files[::-1], WITHOUT_TESTS),
    ):
        workspace = new_workspace(name)
        workspace.ingest(mappings / "complete_journey.yml", *files)
        workspace.build(*options)
        workspaces.append(workspace)
    return workspaces


def test_nothing_is_lost(builds):
    rows = builds[0].query(
        "select table_name, rows_in, kept + duplicates + quarantined "
        "from marts.fct_load_reconciliation"
    )
    assert len(rows) == 7
    assert all(rows_in == accounted for _, rows_in, accounted in rows)
    assert (
        dict((name, rows_in) for name, rows_in, _ in rows)["order_lines"] == 1_469_307
    )


def test_two_builds_from_scratch_give_the_same(builds):
    first, second = builds
    assert answers(first) == answers(second)


@pytest.mark.slow
def test_a_second_build_in_the_same_warehouse_gives_the_same(builds):
    workspace = builds[0]
    loads = "from marts.fct_load_reconciliation order by all"
    before = answers(workspace), workspace.query(loads)
    workspace.build(*WITHOUT_TESTS)
    assert (answers(workspace), workspace.query(loads)) == before


def test_segments_of_the_demo_are_worth_showing(builds):
    for segmentation in ("rfm", "behaviour"):
        rows = builds[0].query(
            "select segment_name, person_count, person_share, revenue_share "
            "from marts.dim_segments where segmentation = ? and person_count > 0",
            segmentation,
        )
        names = [name for name, *_ in rows]
        assert len(names) == len(set(names)) >= 4
        assert sum(row[1] for row in rows) == 2_469
        assert sum(row[2] for row in rows) == pytest.approx(1)
        assert sum(row[3] for row in rows) == pytest.approx(1)
