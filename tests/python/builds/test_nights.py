"""Loads that come night by night give what they give at once, in any order."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb
import pytest

from builds.worlds import differences, run_models, take_down
from tessera.world import generate_world

NIGHTS = 8
# Events come up to six days late, copies and new versions within days: in these batches
# they come before what they belong to.
SHUFFLED = ((7, 3, 0), (6, 1), (5, 2, 4))
IN_ORDER = ((0,), (1,), (2, 3), (4, 5), (6, 7))
# Beside the world two exports of the CRM: k2 is k1 entered again, then k1 moves house.
ENTERED = """
contact_id,customer_id,email,last_name,city,created_at
k1,c1,ana@example.com,Durand,Lyon,2024-01-01
k2,c1,ANA@example.com,DURAND,LYON,2024-01-01
"""
MOVED = """
contact_id,customer_id,email,last_name,city,created_at
k1,c1,ana@example.com,Durand,Paris,2024-01-01
"""
ENTERED_ON, MOVED_ON = date(2024, 7, 1), date(2024, 7, 2)


@dataclass
class Chain:
    """A workspace that nights come into, with what each run read and looked at.

    Attributes
    ----------
    workspace : Workspace
    entered : list of Load
        What the door said of each export of the CRM.
    read : list of set of (str, str, str)
        Loads of `int_loads_read` that were new after each run.
    days : list of set of str
        Days that the compiled SQL of `stg_web__visitor_days` is restricted to.
    result : Path
        Tables after the last run, written apart.
    """

    workspace: object
    entered: list = field(default_factory=list)
    read: list[set] = field(default_factory=list)
    days: list[set] = field(default_factory=list)
    result: Path | None = None

    def add(self, world: Path, nights) -> None:
        """Copy the partitions of some nights of the world into the lake."""
        for partition in world.glob("*/*/loaded_on=*"):
            if night_of(partition) in nights:
                place = self.workspace.lake / partition.relative_to(world)
                shutil.copytree(partition, place)

    def enter(self, text: str, loaded_on: date) -> None:
        """Load an export of the CRM through a mapping."""
        self.entered += self.workspace.load(crm__contacts=text, loaded_on=loaded_on)

    def run(self) -> None:
        """Run what is needed, and note what it read."""
        known = set().union(*self.read)
        run_models(self.workspace)
        # Besides the world's there are the CRM's, and an empty one of each table.
        loads = self.workspace.query(
            "select source_name, table_name, load_id from intermediate.int_loads_read "
            "where year(loaded_on) = 2024 and month(loaded_on) = 1"
        )
        self.read.append(set(loads) - known)
        sql = next(
            (self.workspace.root / "target" / "compiled").rglob(
                "stg_web__visitor_days.sql"
            )
        ).read_text()
        (condition,) = re.findall(
            r"event_at::date in \(([^)]*)\)\s+and loaded_on >=", sql
        ) or [""]
        self.days.append(set(re.findall(r"date '([0-9-]+)'", condition)))

    def finish(self) -> "Chain":
        """Take down the tables as they stand."""
        self.result = take_down(self.workspace, "result")
        return self


def night_of(partition: Path) -> int:
    """Give the night of a partition such as `loaded_on=2024-01-03`: 2."""
    return (
        date.fromisoformat(partition.name[10:]).toordinal()
        - date(2024, 1, 1).toordinal()
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Write the lake that is loaded by nights; it has events that come late."""
    folder = tmp_path_factory.mktemp("nights")
    generate_world(
        persons=1_500,
        days=NIGHTS,
        seed=3,
        out=folder / "lake",
        events_per_person_day=2,
        dirt=8,
    )
    return folder / "lake"


@pytest.fixture(scope="module")
def chains(new_workspace, world):
    """Load the same nights at once, in order, shuffled, and with a killed run."""

    def at_once(chain):
        chain.add(world, range(NIGHTS))
        chain.enter(ENTERED, ENTERED_ON)
        chain.enter(MOVED, MOVED_ON)
        chain.run()

    def in_order(chain):
        for nights in IN_ORDER:
            chain.add(world, nights)
            if 2 in nights:
                chain.enter(ENTERED, ENTERED_ON)
            if 4 in nights:
                chain.enter(MOVED, MOVED_ON)
            chain.run()

    def shuffled(chain):
        # In the order of their days, for the door numbers its loads as they come.
        exports = ((ENTERED, ENTERED_ON), (MOVED, MOVED_ON), (ENTERED, MOVED_ON))
        for nights, export in zip(SHUFFLED, exports, strict=True):
            chain.add(world, nights)
            chain.enter(*export)
            chain.run()

    def killed(chain):
        chain.add(world, range(NIGHTS - 3))
        chain.enter(ENTERED, ENTERED_ON)
        chain.run()
        chain.enter(MOVED, MOVED_ON)
        chain.add(world, range(NIGHTS - 3, NIGHTS))
        # As far as this run came: orders and web events are judged and counted, the
        # lines of these orders are not, and no load is noted as read.
        run_models(
            chain.workspace,
            "--select", "+stg_shop__orders_judged", "stg_shop__orders_judged+1",
            "+stg_web__events_refused",
            # A view, which cannot be made before all that it looks at is.
            "--exclude", "int_statement_keys",
        )  # fmt: skip
        chain.run()

    ways = (in_order, shuffled, killed, at_once)
    made = {way.__name__: Chain(new_workspace(way.__name__)) for way in ways}

    def follow(way):
        chain = made[way.__name__]
        chain.workspace.init_lake()
        way(chain)
        return chain.finish()

    # Starting dbt takes one core; two chains at a time take two.
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(follow, ways))
    return made


def loads_of(world, nights) -> set:
    return {
        (*file.parts[-4:-2], f"{file.parent.name[10:]}/{file.stem}")
        for file in world.glob("*/*/loaded_on=*/*.parquet")
        if night_of(file.parent) in nights
    }


def days_of(world, nights) -> set:
    """Give the days that web events of some nights are of, but for future ones."""
    found = duckdb.sql(
        "select distinct event_at::date::varchar, loaded_on::date::varchar "
        f"from read_parquet('{world}/web/events/*/*.parquet', hive_partitioning = true)"
        "where event_at::date <= loaded_on::date + 1"
    ).fetchall()
    start = date(2024, 1, 1).toordinal()
    return {
        day
        for day, loaded_on in found
        if date.fromisoformat(loaded_on).toordinal() - start in nights
    }


def test_the_world_has_what_makes_nights_hard(world):
    late, resent = duckdb.sql(
        "select count(*) filter (where event_at::date < loaded_on::date), "
        "count(*) - count(distinct event_id) "
        f"from read_parquet('{world}/web/events/*/*.parquet', hive_partitioning = true)"
    ).fetchall()[0]
    versions = duckdb.sql(
        "select count(*) from (select order_id from "
        f"read_parquet('{world}/shop/orders/*/*.parquet', hive_partitioning = true)"
        " group by order_id having count(distinct loaded_on) > 1)"
    ).fetchall()[0][0]
    assert (late > 100, resent > 100, versions > 100) == (True, True, True)


@pytest.mark.parametrize("way", ["in_order", "shuffled"])
def test_nights_one_by_one_in_any_order_give_the_same_tables_as_at_once(chains, way):
    assert len(list(chains[way].result.iterdir())) > 25
    assert differences(chains["at_once"].result, chains[way].result) == {}


def test_a_killed_run_is_made_good_by_the_next(chains):
    assert differences(chains["at_once"].result, chains["killed"].result) == {}


def test_a_night_reads_its_own_loads_only(chains, world):
    assert chains["in_order"].read == [loads_of(world, nights) for nights in IN_ORDER]
    assert chains["shuffled"].read == [loads_of(world, nights) for nights in SHUFFLED]


def test_a_killed_run_has_read_nothing(chains, world):
    first, second = range(NIGHTS - 3), range(NIGHTS - 3, NIGHTS)
    assert chains["killed"].read == [loads_of(world, first), loads_of(world, second)]


@pytest.mark.parametrize("way", ["in_order", "shuffled"])
def test_a_night_looks_at_the_days_of_its_events_only(chains, world, way):
    nights = {"in_order": IN_ORDER, "shuffled": SHUFFLED}[way]
    first, *later = chains[way].days
    # The first run knows no table yet, and looks at all there is.
    assert first == set()
    assert later == [days_of(world, some) for some in nights[1:]]
    assert max(len(days) for days in chains["in_order"].days) < NIGHTS


def test_a_contact_entered_twice_stays_so_when_the_first_entry_changes(chains):
    for chain in chains.values():
        assert chain.workspace.query(
            "select contact_id, city, row_verdict "
            "from staging.stg_crm__contacts_judged "
            "where source_file = 'contacts.csv' order by all"
        ) == [
            ("k1", "Lyon", "superseded"),
            ("k1", "Paris", "kept"),
            ("k2", "LYON", "lookalike"),
        ]


def test_the_same_file_twice_changes_nothing(chains):
    # That its tables are the same is tested above: only there the file came twice.
    chain = chains["shuffled"]
    assert [load.already_loaded_on for load in chain.entered] == [
        None,
        None,
        ENTERED_ON,
    ]
    assert chain.workspace.query(
        "select rows_in, kept_count, superseded_count, lookalike_count "
        "from intermediate.int_load_counts where file_name = 'contacts.csv' "
        "order by loaded_on"
    ) == [(2, 0, 1, 1), (1, 1, 0, 0)]
