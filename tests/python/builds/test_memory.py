"""Nights in a row: what is remembered of segments stays, whatever is built again."""

import shutil
from datetime import date, timedelta
from itertools import combinations

import pytest

from tessera.state import export_state, import_state, state_tables

FIRST = date(2024, 2, 1)
# The third night comes after two that were left out.
NIGHTS = [FIRST, FIRST + timedelta(days=1), FIRST + timedelta(days=4)]
KILLED = NIGHTS[-1] + timedelta(days=1)
RULED = KILLED + timedelta(days=1)
PERSONS = 60
TYPES = ("--resource-type", "seed", "--resource-type", "model")
# All between the sources that have rows and the marts that tell of memberships, and the
# ledger of persons, which no model reads by name.
MARTS = (
    "fct_segment_size_changes", "fct_segment_migrations", "fct_segment_memberships",
)  # fmt: skip
SELECTION = (
    "--select", "stg_ingest__lake_loads",
    *(f"source:{source}+,+{mart}" for source in ("shop", "crm") for mart in MARTS),
    "fct_segment_membership_history", "int_person_keys",
)  # fmt: skip
REMEMBERED = (
    "segments.seg_leader_history", "segments.seg_membership_history",
    "segments.seg_purchase_history", "segments.seg_movements", "segments.seg_nights",
)  # fmt: skip
COUNTED = ("marts.fct_segment_size_changes", "marts.fct_segment_movements_daily")


def sales():
    """Each person buys in a rhythm of her own, some stop, some begin between nights."""
    for person in range(PERSONS):
        begins = person % 9 if person % 10 else 31
        for order in range(2 + person % 7):
            day = date(2024, 1, 1) + timedelta(
                days=begins + order * (3 + person % 5) + (person % 3) * (order % 2)
            )
            if day <= RULED:
                yield (f"c{person}", day, 5 + person * (1 + order % 3))


def taken_down(workspace, tables=REMEMBERED + COUNTED):
    """Give the rows of tables, in an order that does not hang on how they were made."""
    return {table: workspace.query(f"from {table} order by all") for table in tables}


@pytest.fixture(scope="module")
def nights(new_shop, small_shop, tmp_path_factory):
    """Three nights in order, and what became of them after each way to build again."""
    workspace = new_shop("memory")
    workspace.load(**small_shop(sales()))
    taken = {}

    def run(night, *selection):
        workspace.environment["TESSERA_AS_OF_DATE"] = str(night)
        workspace.dbt("build", *TYPES, *(selection or SELECTION))

    for night in NIGHTS:
        run(night)
    taken["in_order"] = taken_down(workspace)

    run(NIGHTS[-1], "--full-refresh", *SELECTION)
    taken["full_refresh"] = taken_down(workspace)

    run(NIGHTS[1])
    taken["past_night"] = taken_down(workspace)
    run(NIGHTS[2])
    taken["past_night_and_later"] = taken_down(workspace)

    workspace.environment["DBT_WRITE_JSON"] = "true"
    workspace.dbt("parse")
    tables = state_tables(workspace.root / "target" / "manifest.json")
    state = tmp_path_factory.mktemp("saved") / "state"
    export_state(workspace.warehouse, tables, state)

    run(KILLED, "--select", "stg_ingest__lake_loads", "source:shop+,+seg_movements")
    taken["killed"] = taken_down(workspace)
    run(KILLED)
    taken["after_the_kill"] = taken_down(workspace)

    good = workspace.warehouse.with_name("good.duckdb")
    shutil.move(workspace.warehouse, good)
    import_state(workspace.warehouse, tables, state)
    run(KILLED, "--select", *(f"+{mart}" for mart in MARTS), *SELECTION[-2:])
    taken["after_the_loss"] = taken_down(workspace)
    shutil.move(good, workspace.warehouse)

    # Two customers turn out to be one, and two rules change places.
    workspace.load(
        loaded_on=RULED,
        crm__contacts="contact_id,customer_id,email,created_at\n"
        f"k1,c1,both@mail.fr,{KILLED}\nk2,c2,both@mail.fr,{KILLED}\n",
    )
    seed = workspace.root / "seeds" / "segment_rules.csv"
    text = seed.read_text(encoding="utf-8")
    swapped = text.replace("lifecycle_stage,=,new", "lifecycle_stage,=,X")
    swapped = swapped.replace("lifecycle_stage,=,active", "lifecycle_stage,=,new")
    seed.write_text(swapped.replace("stage,=,X", "stage,=,active"), encoding="utf-8")
    run(RULED, "--select", "segment_rules", *SELECTION[1:])
    taken["ruled"] = taken_down(workspace)
    return workspace, taken


def assert_same(left, right):
    for table in left:
        assert left[table] == right[table], table


def of_nights_until(rows, night, column):
    return [row for row in rows if row[column] <= night]


@pytest.mark.slow
def test_history_has_everybody_in_one_segment_of_each_partition_on_every_night(nights):
    workspace, _ = nights
    for night in workspace.query("select distinct as_of_date from segments.seg_nights"):
        assert workspace.query(
            "select count(*) from (select person_key, segmentation "
            "from marts.fct_segment_membership_history "
            "where valid_from <= $1 and (valid_to is null or valid_to > $1) "
            "group by all having count(*) != 1)",
            *night,
        ) == [(0,)]
    # And on the last one it says what the memberships say.
    assert workspace.query(
        "select person_key, segmentation, segment_key, valid_from "
        "from marts.fct_segment_membership_history where valid_to is null order by all"
    ) == workspace.query(
        "select person_key, segmentation, segment_key, entered_on "
        "from marts.fct_segment_memberships order by all"
    )


@pytest.mark.slow
def test_a_night_writes_only_who_moved(nights):
    _, taken = nights
    moves = taken["in_order"]["segments.seg_movements"]
    assert moves
    assert {row[4] for row in moves} == set(NIGHTS[1:])
    begun = [
        row
        for row in taken["in_order"]["segments.seg_membership_history"]
        if row[5] > FIRST
    ]
    assert len(begun) == sum(row[3] is not None for row in moves)
    assert len(begun) < 5 * PERSONS / 2


@pytest.mark.slow
def test_a_night_run_twice_and_a_full_refresh_change_no_row(nights):
    _, taken = nights
    assert_same(taken["in_order"], taken["full_refresh"])


@pytest.mark.slow
def test_a_past_night_built_again_forgets_the_later_ones_until_they_follow(nights):
    _, taken = nights
    before, past = taken["in_order"], taken["past_night"]
    for table, column in (("seg_movements", 4), ("seg_nights", 0)):
        rows = past[f"segments.{table}"]
        assert rows == of_nights_until(before[f"segments.{table}"], NIGHTS[1], column)
    history = past["segments.seg_membership_history"]
    assert all(row[5] <= NIGHTS[1] for row in history)
    assert all(row[6] is None or row[6] <= NIGHTS[1] for row in history)
    assert {row[0] for row in past["marts.fct_segment_size_changes"]} == {NIGHTS[1]}
    assert_same(before, taken["past_night_and_later"])


@pytest.mark.slow
def test_a_killed_night_is_made_good_by_the_next_run(nights):
    _, taken = nights
    killed, after = taken["killed"], taken["after_the_kill"]
    # It had written the movements and not yet the history.
    assert killed["segments.seg_movements"] == after["segments.seg_movements"]
    assert (
        killed["segments.seg_membership_history"]
        == taken["in_order"]["segments.seg_membership_history"]
        != after["segments.seg_membership_history"]
    )


@pytest.mark.slow
def test_a_lost_warehouse_goes_on_from_the_saved_state(nights):
    _, taken = nights
    assert_same(taken["after_the_kill"], taken["after_the_loss"])


@pytest.mark.slow
def test_causes_add_up_for_every_pair_of_nights(nights):
    workspace, _ = nights
    sizes = {
        (night, key): count
        for night, key, count in workspace.query(
            "select as_of_date, segment_key, person_count "
            "from marts.fct_segment_sizes_daily "
            "where segmentation in (select segmentation from segments.seg_nights)"
        )
    }
    changes = workspace.query(
        "select as_of_date, segment_key, behaviour_change, model_change, "
        "threshold_change, identity_change from marts.fct_segment_size_changes"
    )
    built = sorted({night for night, _ in sizes if night >= FIRST})
    assert built == [*NIGHTS, KILLED, RULED]
    keys = {key for _, key in sizes}
    for earlier, later in combinations(built, 2):
        for key in keys:
            parts = [
                sum(causes)
                for night, changed, *causes in changes
                if changed == key and earlier < night <= later
            ]
            grown = sizes.get((later, key), 0) - sizes.get((earlier, key), 0)
            assert grown == sum(parts), (earlier, later, key)
    # The history has the same sizes, counted apart.
    for night in built:
        counted = dict(
            workspace.query(
                "select segment_key, count(*) "
                "from marts.fct_segment_membership_history "
                "where valid_from <= $1 and (valid_to is null or valid_to > $1) "
                "group by all",
                night,
            )
        )
        assert counted == {
            key: count for (on, key), count in sizes.items() if on == night and count
        }


@pytest.mark.slow
def test_a_merge_is_identity_and_swapped_rules_are_the_model(nights):
    workspace, _ = nights
    (merged,) = workspace.query(
        "select from_person_key, to_person_key "
        "from intermediate.int_person_key_changes where change_type = 'merged'"
    )
    moves = workspace.query(
        "select person_key, segmentation, to_segment_key, cause "
        "from marts.fct_segment_movements where moved_on = ?",
        RULED,
    )
    gone = [move for move in moves if move[0] == merged[0]]
    assert len(gone) == 5
    assert {(target, cause) for _, _, target, cause in gone} == {(None, "identity")}
    lifecycle = [
        cause
        for person, segmentation, _, cause in moves
        if segmentation == "lifecycle" and person not in merged
    ]
    assert lifecycle.count("model") > PERSONS / 4
    # Whoever came between two nights came by identity, and on the first nobody did.
    assert workspace.query(
        "select distinct cause from marts.fct_segment_movements "
        "where from_segment_key is null or to_segment_key is null"
    ) == [("identity",)]
    assert workspace.value("select count(*) from segments.seg_score_counterfactuals")
    assert workspace.query(
        "select min(least(behaviour_share, model_share, threshold_share, "
        "identity_share)), count(*) filter (where behaviour_share + model_share + "
        "threshold_share + identity_share != 1) from marts.fct_segment_movements"
    ) == [(0, 0)]


@pytest.mark.slow
def test_migrations_tell_everybody_of_the_night(nights):
    workspace, _ = nights
    assert workspace.query(
        "select window_name, segmentation, "
        "sum(person_count) filter (where to_segment_key is not null) "
        "from marts.fct_segment_migrations group by all order by all"
    ) == [
        (window, segmentation, PERSONS - 1)
        for window in ("last_30_days", "last_night")
        for segmentation in ("behaviour", "geography", "lifecycle", "rfm", "value")
    ]
    assert {
        (window, since)
        for window, since in workspace.query(
            "select window_name, since_on from marts.fct_segment_migrations"
        )
    } == {("last_30_days", FIRST), ("last_night", KILLED)}
