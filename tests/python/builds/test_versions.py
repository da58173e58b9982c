"""Models that stay, segments that keep their keys, and who may score."""

from datetime import date, timedelta

import pytest

from builds.persons import (
    GROUP_COUNT,
    PERSONS_A_GROUP,
    SELECTION,
    clustered_features,
    persons_in_groups,
    write_night,
)

FIRST = date(2024, 6, 1)
MEMBERSHIPS = """
    select scores.person_key, segments.segment_key
    from segments.seg_behaviour_scores as scores
    inner join fits.fit_champion_segments as segments
        on scores.segment_number = segments.segment_number
    order by all
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nights(new_workspace):
    """Nights of seven kinds, with what each left: memberships, versions and lineage."""
    workspace = new_workspace("versions")
    workspace.init_lake()
    workspace.write_seed("features", clustered_features().to_csv(index=False))
    persons = persons_in_groups()
    left = {}

    def run(name, night, matrix, **variables):
        write_night(workspace, FIRST + timedelta(days=night), matrix)
        workspace.build(*SELECTION, variables=variables)
        left[name] = {
            "members": dict(workspace.query(MEMBERSHIPS)),
            "champion": workspace.query(
                "select fitted_on, reason from fits.fit_champions "
                "order by as_of_date desc limit 1"
            )[0],
            "lineage": workspace.query(
                "select relation, from_segment_key, to_segment_key "
                "from marts.fct_segment_lineage where fitted_on = ? order by all",
                FIRST + timedelta(days=night),
            ),
            "statuses": workspace.query(
                "select status from marts.fct_model_versions order by fitted_on"
            ),
            "counterfactuals": workspace.query(
                "select old_model_segment_key, new_model_segment_key, count(*) "
                "from segments.seg_counterfactual_leaders group by all order by all"
            ),
        }

    # A refit is due every 28 days. Other variables make dbt parse anew: they come last.
    run("first", 0, persons)
    run("first_again", 0, persons)
    run("quiet", 1, persons)
    run("next_month", 28, persons_in_groups(seed=1))
    run("tenth", 56, persons.sample(frac=0.1, random_state=1))
    run("reseeded", 84, persons.sample(frac=1, random_state=5), random_state=7)
    more = {
        "minimum_segment_count": GROUP_COUNT + 1,
        "maximum_segment_count": GROUP_COUNT + 1,
    }
    run("one_more", 91, persons, random_state=7, **more)
    return workspace, persons, left


def test_groups_far_apart_are_the_segments(nights):
    _, persons, left = nights
    found = persons["person_key"].map(left["first"]["members"])
    assert found.groupby(persons["group"]).nunique().eq(1).all()
    assert found.nunique() == GROUP_COUNT
    assert left["first"]["champion"] == (FIRST, "The first model.")
    assert [relation for relation, *_ in left["first"]["lineage"]] == ["born"] * 4


def test_a_night_run_twice_changes_nothing(nights):
    *_, left = nights
    assert left["first_again"] == left["first"]


def test_a_night_without_refit_keeps_the_model_and_adds_no_row(nights):
    workspace, _, left = nights
    assert left["quiet"]["members"] == left["first"]["members"]
    assert left["quiet"]["champion"] == (FIRST, "No refit tonight.")
    for table in ("fit_candidates", "fit_axes", "fit_segment_keys", "fit_versions"):
        assert not workspace.value(
            f"select count(*) from fits.{table} where fitted_on = ?",
            FIRST + timedelta(days=1),
        )


def test_a_month_later_who_did_not_change_keeps_her_key(nights):
    *_, left = nights
    assert left["next_month"]["champion"][0] == FIRST + timedelta(days=28)
    assert {relation for relation, *_ in left["next_month"]["lineage"]} == {"same"}
    before, after = left["first"]["members"], left["next_month"]["members"]
    kept = sum(after[person] == before[person] for person in before)
    assert kept >= 0.98 * len(before)


def test_a_new_champion_is_asked_both_ways(nights):
    *_, left = nights
    assert left["quiet"]["counterfactuals"] == []
    asked = left["next_month"]["counterfactuals"]
    assert sum(count for *_, count in asked) == GROUP_COUNT * PERSONS_A_GROUP
    assert all(old == new for old, new, _ in asked)


def test_a_tenth_of_the_persons_does_not_depose_the_champion(nights):
    *_, left = nights
    assert left["tenth"]["champion"] == (
        FIRST + timedelta(days=28),
        "Not promoted: fitted on 24 persons, the model in use on 240.",
    )
    assert left["tenth"]["statuses"] == [("retired",), ("champion",), ("challenger",)]
    assert left["tenth"]["lineage"] == []


def test_the_same_persons_from_another_seed_in_another_order_keep_every_key(nights):
    *_, left = nights
    assert left["reseeded"]["champion"][0] == FIRST + timedelta(days=84)
    assert left["reseeded"]["members"] == left["first"]["members"]
    assert {relation for relation, *_ in left["reseeded"]["lineage"]} == {"same"}


def test_one_segment_more_is_told_as_a_split(nights):
    *_, left = nights
    lineage = left["one_more"]["lineage"]
    assert [relation for relation, *_ in lineage] == ["same"] * 4 + ["split"]
    kept = {key for relation, key, _ in lineage if relation == "same"}
    ((_, origin, born),) = [row for row in lineage if row[0] == "split"]
    assert origin in kept
    assert born not in kept
