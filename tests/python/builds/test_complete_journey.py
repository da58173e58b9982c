"""The default demo: the same twice, whether from scratch or over itself."""

import pytest

from builds.grains import assert_grain_holds, views_by_construction
from builds.night_queries import long_copies
from tessera.person import explain_person

TABLES = (
    "marts.fct_segment_memberships",
    "marts.dim_segments",
    "marts.fct_model_versions",
    "marts.fct_person_scores",
    "marts.fct_thresholds",
    "marts.dim_personas",
    "marts.fct_segment_traits",
    "marts.fct_niches",
)
WITHOUT_TESTS = ("--exclude", "resource_type:test")


def answers(workspace):
    """Every row of what campaigns and dashboards rely on."""
    return {table: workspace.query(f"from {table} order by all") for table in TABLES}


@pytest.fixture(scope="module")
def built(new_workspace, mappings, complete_journey_files):
    """Load and build the demo, data tests included."""
    workspace = new_workspace("built")
    workspace.ingest(mappings / "complete_journey.yml", *complete_journey_files)
    # As many nodes at a time as the profile has it, which a user's nights have too.
    workspace.build("--threads", "4")
    return workspace


def test_nothing_is_lost(built):
    rows = built.query(
        "select table_name, rows_in, kept + duplicates + quarantined "
        "from marts.fct_load_reconciliation"
    )
    assert len(rows) == 7
    assert all(rows_in == accounted for _, rows_in, accounted in rows)
    assert (
        dict((name, rows_in) for name, rows_in, _ in rows)["order_lines"] == 1_469_307
    )


def test_no_long_table_is_copied_into_memory_as_it_stands(built, manifest):
    assert long_copies(built, manifest) == [], "inlined() spares the copy"


@pytest.mark.slow
def test_files_in_another_order_give_the_same(
    built, new_workspace, mappings, complete_journey_files
):
    other = new_workspace("other")
    other.ingest(mappings / "complete_journey.yml", *complete_journey_files[::-1])
    other.build(*WITHOUT_TESTS)
    assert answers(other) == answers(built)


@pytest.mark.slow
def test_a_second_build_in_the_same_warehouse_gives_the_same(built):
    loads = "from marts.fct_load_reconciliation order by all"
    before = answers(built), built.query(loads)
    built.build(*WITHOUT_TESTS)
    assert (answers(built), built.query(loads)) == before


def test_views_keep_the_grain_that_follows_from_what_they_read(built, manifest):
    # A planted world has those of the layer before (`test_world.py`).
    views = [
        (view, arguments)
        for layer, view, arguments in views_by_construction(manifest)
        if layer != "intermediate"
    ]
    assert len(views) == 3
    with built.connect() as db:
        for view, arguments in views:
            assert_grain_holds(db, view, arguments)


def test_segments_of_the_demo_are_worth_showing(built):
    for segmentation in ("rfm", "behaviour"):
        rows = built.query(
            "select segment_name, person_count, person_share, revenue_share "
            "from marts.dim_segments where segmentation = ? and person_count > 0",
            segmentation,
        )
        names = [name for name, *_ in rows]
        assert len(names) == len(set(names)) >= 4
        assert sum(row[1] for row in rows) == 2_469
        assert sum(row[2] for row in rows) == pytest.approx(1)
        assert sum(row[3] for row in rows) == pytest.approx(1)


def test_personas_of_the_demo_are_told_and_small_segments_are_not(built):
    rows = built.query(
        "select segmentation, segment_name, segment_name_fr, person_count, "
        "is_described, len(traits_en), typical_person_key is not null, paragraph_en, "
        "paragraph_fr from marts.dim_personas"
    )
    for segmentation in ("rfm", "behaviour", "lifecycle", "value", "geography"):
        of_it = [row for row in rows if row[0] == segmentation]
        assert len({row[1] for row in of_it}) == len({row[2] for row in of_it})
        assert len({row[1] for row in of_it}) == len(of_it)
    for _, _, _, count, is_described, traits, has_typical, english, french in rows:
        assert is_described == (count >= 50)
        assert is_described or (traits == 0 and not has_typical)
        assert english.endswith(".")
        assert french.endswith(".")
        assert english != french
    told = [row for row in rows if row[0] == "behaviour" and row[3]]
    assert all(row[5] >= 3 and row[6] for row in told)


def test_a_typical_person_is_in_the_segment_she_stands_for(built):
    assert (
        built.value(
            "select count(*) from marts.dim_personas as personas "
            "anti join marts.fct_segment_memberships as memberships "
            "on personas.typical_person_key = memberships.person_key "
            "and personas.segment_key = memberships.segment_key "
            "where typical_person_key is not null"
        )
        == 0
    )


def test_a_person_is_placed_as_the_warehouse_places_her(built):
    workspace = built
    rows = workspace.query(
        """
        select person_key, segment_key, probability
        from marts.fct_segment_memberships
        where segmentation = 'behaviour' and segment_key != 'behaviour-no-purchase'
        order by md5(person_key::varchar) limit 10
        """
    )
    for person_key, segment_key, probability in rows:
        explained = explain_person(workspace.warehouse, person_key)
        nearest = explained.alternatives[0]
        assert nearest.segment_key == segment_key
        assert nearest.probability == pytest.approx(probability, abs=1e-5)
        total = sum(one.probability for one in explained.alternatives)
        assert total == pytest.approx(1, abs=1e-4)
        assert explained.features
