"""A world with known truth: what is planted is found, and nothing else is."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest

from builds.grains import assert_grain_holds, views_by_construction
from builds.night_queries import long_copies, night_statements, warehouse_beside
from builds.work_budget import HOW_TO_ACCEPT, accept, read_budget
from builds.worlds import (
    SELECTION,
    differences,
    run_models,
    take_down,
)
from tessera.bench.work import count_rows_read, read_too_often
from tessera.methods.identity import connected_profiles
from tessera.world import generate_world
from tessera.world.dirt_kinds import KEYS
from tessera.world.truth_tables import true_profiles_sql

DAYS = 45
SELECTED = (
    *SELECTION, "+fct_identity_match_rates", "+fct_identity_reviews",
    "+int_person_activity_daily", "+int_person_purchases_daily", "+int_moments_daily",
    "+int_attribute_votes",
)  # fmt: skip
LOAD_COLUMNS = "loaded_on, source_file, source_row"
# Tables that nothing dirty is planted in.
UNSPOILED = ("campaigns.campaigns", "campaigns.targetings", "campaigns.redemptions")
# Where a value of a contact that is no value must be null. Phones are read later: the
# number as it was written stays, and is no valid one.
BLANKED = {
    "malformed_email": "email is null",
    "malformed_postcode": "postcode is null",
    "malformed_phone": (
        "coalesce(not phones.is_valid, phone is null or row_verdict != 'kept')"
    ),
}


@dataclass
class Built:
    """A world, the warehouse made of it, and what a second build changed.

    Attributes
    ----------
    workspace : Workspace
    db : duckdb.DuckDBPyConnection
        The warehouse, with these tables besides: `truth` (the planted rows), `judged`
        (the verdict and rule of every row of the lake) and `expected_kinds`.
    changes : dict
        What the second build changed, by table.
    second : Result
        What dbt said to the second build, data tests included.
    """

    workspace: object
    db: duckdb.DuckDBPyConnection
    changes: dict
    second: object

    def rows(self, sql: str) -> list[tuple]:
        """Give the rows of a query."""
        return self.db.sql(sql).fetchall()

    def table(self, sql: str) -> str:
        """Give the rows of a query as text, for the message of a failure."""
        return "\n" + "\n".join("  ".join(map(str, row)) for row in self.rows(sql))


def lake_sql(lake: Path, table: str) -> str:
    """Give the SQL that reads a table of the lake, such as `web.events`."""
    files = lake / table.replace(".", "/") / "*" / "*.parquet"
    return (
        f"read_parquet('{files}', hive_partitioning = true, "
        "hive_types = {'loaded_on': date}, union_by_name = true)"
    )


def count_rows(db, lake: Path, tables) -> dict[str, int]:
    """Count the rows of tables, of the warehouse or, as `web.events`, of the lake."""
    stored = dict(
        db.sql("select table_name, estimated_size from duckdb_tables()").fetchall()
    )
    return {
        table: db.sql(f"select count(*) from {lake_sql(lake, table)}").fetchall()[0][0]
        if "." in table
        else stored[table]
        for table in tables
    }


@pytest.fixture(scope="module")
def built(new_workspace):
    """Build a world twice; in the second build there is nothing to do."""
    workspace = new_workspace("world")
    truth = workspace.root / "truth"
    generate_world(
        persons=4_000,
        days=DAYS,
        seed=5,
        out=workspace.lake,
        truth=truth,
        events_per_person_day=20 / DAYS,
        dirt=4,
    )
    workspace.init_lake()
    run_models(workspace, *SELECTED)
    before = take_down(workspace, "before")
    # With the data tests, which a world has to pass; a test of its own says whether.
    second = workspace.build(
        *SELECTED, "--indirect-selection", "cautious", exit_code=None
    )
    changes = differences(before, take_down(workspace, "after"))
    with workspace.connect() as db:
        look_closer(db, workspace.lake, truth)
        look_at_persons(db, truth)
        yield Built(workspace, db, changes, second)


def look_closer(db, lake: Path, truth: Path) -> None:
    """Set the truth beside what the warehouse says of every row of the lake."""
    db.execute(
        f"create temp table truth as from '{truth}/dirty_rows/*.parquet';"
        f"create temp table expected_kinds as from '{truth}/dirty_kinds.parquet';"
    )
    # Web events that are kept are not stored: they are the rows nobody refuses. Of the
    # others every row has a verdict, or something is lost.
    every_row = " union all by name ".join(
        f"select '{table.split('.')[0]}' as source, "
        f"'{table.split('.')[1]}' as table_name, {LOAD_COLUMNS} "
        f"from {lake_sql(lake, table)}"
        for table in (*KEYS, *UNSPOILED)
    )
    db.execute(
        "create temp table judged as select lake_rows.*, coalesce(row_verdict, "
        "case when source = 'web' then 'kept' else 'lost' end) as verdict, "
        f"broken_rule.rule as rule from ({every_row}) as lake_rows "
        "left join intermediate.int_judged_rows as rows on lake_rows.source = "
        "rows.source_name and lake_rows.table_name = rows.table_name "
        "and source_file = file_name and source_row = row_number"
    )


def look_at_persons(db, truth: Path) -> None:
    """Set the true person beside every profile; of shared ones there is none."""
    db.execute(
        f"""
        create temp table persons as
        with true_profiles as ({true_profiles_sql(truth)})
        select profiles.*, true_profiles.person_id
        from intermediate.int_person_profiles as profiles
        left join true_profiles using (source_name, profile_id)
        """
    )


def test_every_kind_of_dirt_is_planted(built):
    # Too few ask to be forgotten in so small a world for one of them to be spoilt.
    assert (
        built.rows(
            "select source, table_name, kind from expected_kinds "
            "anti join truth using (source, table_name, kind) "
            "where table_name != 'erasure_requests'"
        )
        == []
    )


def test_every_planted_fault_is_found_with_its_rule(built):
    recall = (
        "select source, table_name, kind, expected_rule, count(*) as planted, "
        "count(*) filter (where verdict = 'quarantined' and rule = expected_rule) "
        "/ count(*) as recall, mode(coalesce(rule, verdict)) as found_mostly "
        "from truth left join judged using "
        "(source, table_name, source_file, source_row) "
        "where outcome = 'quarantine' group by all order by recall, 1, 2, 3"
    )
    report = built.table(recall)
    print("recall by kind:", report)
    assert built.rows(f"from ({recall}) where recall < 1") == [], report


# What is planted twice. The rows of one key that break no rule are versions of one
# thing: the last to come stays, those that say the same are repeated, those that say
# something else are superseded. So one row of a planted pair stays, or none where a
# later version takes both.
@pytest.mark.parametrize("table", sorted(KEYS))
def test_of_all_versions_of_a_row_the_last_stays(built, table):
    source, entity = table.split(".")
    keys = ", ".join(KEYS[table])
    wrong = f"""
        with
        lake as (
            select
                {keys}, {LOAD_COLUMNS},
                struct_pack(*columns(* exclude ({LOAD_COLUMNS}))) as content
            from {lake_sql(built.workspace.lake, table)}
        ),
        sound as (
            select lake.*, verdict
            from lake
            join judged using ({LOAD_COLUMNS})
            where
                source = '{source}' and table_name = '{entity}'
                -- Near-duplicates stand under a key of their own.
                and verdict not in ('quarantined', 'lookalike')
        ),
        expected as (
            select
                *,
                case
                    when row_number() over same_key = 1 then 'kept'
                    when first_value(content) over same_key = content then 'repeated'
                    else 'superseded'
                end as expected_verdict
            from sound
            window same_key as (
                partition by {keys} order by loaded_on desc, source_row desc
            )
        )
        select source_file, source_row, kind, verdict, expected_verdict
        from expected
        left join (from truth where source = '{source}' and table_name = '{entity}')
            using (source_file, source_row)
        where verdict != expected_verdict
    """
    assert built.rows(wrong) == []


def test_of_a_planted_pair_one_row_stays_or_a_later_version_takes_both(built):
    pairs = """
        select
            truth.source, truth.table_name, kind, truth.outcome, truth.natural_key,
            source_file, source_row, copies.verdict, pairs.verdict as pair_verdict,
            -- An exact copy of an order that may be refused goes the way of that.
            exists (
                select 1 from truth as hanging
                where
                    hanging.outcome = 'either'
                    and hanging.source_file = truth.pair_source_file
                    and hanging.source_row = truth.pair_source_row
            ) as hangs,
            exists (
                select 1 from truth as later
                where
                    later.kind in ('superseded', 'redelivered', 'exact_duplicate')
                    and later.natural_key = truth.natural_key
                    and later.source = truth.source
                    and later.table_name = truth.table_name
                    and (later.source_file, later.source_row)
                    != (truth.source_file, truth.source_row)
            ) as has_third
        from truth
        left join judged as copies using (source, table_name, source_file, source_row)
        left join judged as pairs
            on
                truth.source = pairs.source
                and truth.table_name = pairs.table_name
                and truth.pair_source_file = pairs.source_file
                and truth.pair_source_row = pairs.source_row
        where truth.outcome = 'duplicate'
    """
    wrong = f"""
        select kind, source, table_name, verdict, pair_verdict, has_third, count(*)
        from ({pairs})
        where not case
            when hangs and verdict = 'quarantined' then pair_verdict = 'quarantined'
            when kind = 'near_duplicate' then
                verdict = 'lookalike'
                and pair_verdict in ('kept', 'repeated', 'superseded')
            when kind = 'superseded' then verdict = 'superseded' or has_third
            when has_third then
                verdict != 'quarantined' and pair_verdict != 'quarantined'
                and not (verdict = 'kept' and pair_verdict = 'kept')
            -- The last to come stays, and says the same as the one before it.
            else verdict = 'kept' and pair_verdict = 'repeated'
        end
        group by all
    """
    assert built.rows(wrong) == []


def test_a_planted_blank_costs_its_value_and_not_its_row(built):
    """A spoilt value is null in staging, whether or not a later version took over."""
    for kind, condition in BLANKED.items():
        ((planted, kept, blanked),) = built.rows(
            "select count(*), count(*) filter (where row_verdict != 'quarantined'), "
            f"count(*) filter (where {condition}) from truth "
            "join staging.stg_crm__contacts_judged as contacts "
            "using (source_file, source_row) "
            "left join intermediate.int_phone_numbers as phones on phone = phone_raw "
            "and contacts.country_code is not distinct from phones.country_code "
            f"where kind = '{kind}'"
        )
        assert planted > 0
        assert (kind, kept, blanked) == (kind, planted, planted)


def test_every_planted_blank_leaves_a_trace_with_its_rule_and_place(built):
    recall = (
        "select kind, count(*) as planted, "
        "count(*) filter (where is_blanked) / count(*) as recall "
        "from truth left join intermediate.int_normalised_values as found "
        "on source = source_name and truth.table_name = found.table_name "
        "and source_file = file_name and source_row = row_number "
        "and expected_rule = found.rule where outcome = 'blank' group by all"
    )
    report = built.table(f"from ({recall}) order by all")
    print("recall by kind:", report)
    assert {kind for kind, *_ in built.rows(recall)} == set(BLANKED)
    assert built.rows(f"from ({recall}) where recall < 1") == [], report


def test_nothing_is_blanked_but_what_is_planted_and_its_copies(built):
    assert (
        built.rows(
            "select distinct source_name, found.table_name, found.column_name "
            "from intermediate.int_normalised_values as found anti join "
            "(from truth where outcome = 'blank') as planted "
            "on source_name = source and found.table_name = planted.table_name "
            "and found.rule = planted.expected_rule where is_blanked"
        )
        == []
    )
    # Phones are drawn at random: many a number that is not spoilt is given to nobody.
    traced, planted = built.rows(
        "select (select count(*) from intermediate.int_normalised_values "
        "where is_blanked and column_name != 'phone'), (select count(*) from truth "
        "where outcome = 'blank' and column_name != 'phone')"
    )[0]
    # A row that is spoilt may come again, as a copy or in a later version.
    assert planted <= traced < 1.2 * planted


def test_the_mart_adds_up_what_was_given_and_blanked_by_load(built):
    assert built.rows(
        "select sum(given_count)::bigint, sum(blanked_count)::bigint, "
        "count(first_row_number) from marts.fct_blanked_values"
    ) == built.rows(
        "select count(*), count(*) filter (where is_blanked), "
        "count(distinct (source_name, table_name, column_name, load_id)) "
        "filter (where is_blanked) from intermediate.int_normalised_values"
    )


def test_an_outlier_is_kept(built):
    assert built.rows(
        "select distinct verdict from truth left join judged "
        "using (source, table_name, source_file, source_row) where outcome = 'flag'"
    ) == [("kept",)]


def test_hardly_a_clean_row_is_quarantined(built):
    # Left out: rows that a dirty one drags along, and copies of such rows.
    ((right, wrong, clean),) = built.rows(
        """
        with
        refused_orders as (
            select order_id
            from staging.stg_shop__orders_judged
            group by order_id
            having bool_and(row_verdict = 'quarantined')
        ),
        hanging as (
            select source, table_name, source_file, source_row
            from truth where outcome = 'either'
            union
            select source, table_name, source_file, source_row
            from truth
            where exists (
                select 1 from truth as pairs
                where
                    pairs.outcome = 'either'
                    and pairs.source_file = truth.pair_source_file
                    and pairs.source_row = truth.pair_source_row
            )
            union
            select 'shop', 'order_lines', source_file, source_row
            from staging.stg_shop__order_lines_judged
            where
                broken_rule.rule = 'order_not_known'
                and order_id in (from refused_orders)
        ),
        faults as (select * from truth where outcome = 'quarantine'),
        others as (
            select * from judged
            anti join faults using (source, table_name, source_file, source_row)
            anti join hanging using (source, table_name, source_file, source_row)
        )
        select
            (
                select count(*) from judged
                semi join faults using (source, table_name, source_file, source_row)
                where verdict = 'quarantined'
            ),
            (select count(*) from others where verdict = 'quarantined'),
            (select count(*) from others)
        """
    )
    print(f"quarantined rightly {right}, wrongly {wrong} of {clean} clean rows")
    assert right > 1_000
    assert right / (right + wrong) >= 0.999
    assert wrong / clean <= 0.001


def test_hardly_a_clean_row_counts_as_a_duplicate(built):
    ((right, wrong, clean),) = built.rows(
        """
        with
        planted as (
            select source, table_name, source_file, source_row
            from truth where outcome = 'duplicate'
            union
            select source, table_name, pair_source_file, pair_source_row
            from truth where outcome = 'duplicate'
        ),
        duplicates as (
            select *, verdict in ('repeated', 'superseded', 'lookalike') as is_duplicate
            from judged
        )
        select
            (
                select count(*) from duplicates
                semi join planted using (source, table_name, source_file, source_row)
                where is_duplicate
            ),
            count(*) filter (where is_duplicate),
            count(*)
        from duplicates
        anti join planted using (source, table_name, source_file, source_row)
        """
    )
    print(
        f"duplicates rightly {right}, wrongly {wrong} of {clean} rows that stand alone"
    )
    assert right > 1_000
    assert right / (right + wrong) >= 0.999


@pytest.mark.parametrize("table", sorted((*KEYS, *UNSPOILED)))
def test_every_load_is_accounted_for_to_the_row(built, table):
    source, entity = table.split(".")
    in_lake = built.rows(
        "select loaded_on::varchar || '/' || parse_filename(filename, true), count(*) "
        f"from {lake_sql(built.workspace.lake, table)[:-1]}, filename = true) "
        "group by all order by all"
    )
    counted = built.rows(
        "select load_id, rows_in from marts.fct_load_reconciliation "
        f"where source_name = '{source}' and table_name = '{entity}' order by all"
    )
    assert counted == in_lake
    assert (
        built.rows(
            "from marts.fct_load_reconciliation "
            "where rows_in != kept + duplicates + quarantined "
            "or duplicates != repeated + superseded + lookalikes"
        )
        == []
    )


def test_verdicts_add_up_to_the_counts_of_each_load(built):
    counts = ("kept", "repeated", "superseded", "lookalike", "quarantined")
    sums = ", ".join(f"count(*) filter (where verdict = '{one}')" for one in counts)
    columns = ", ".join(f"{one}_count" for one in counts)
    assert (
        built.rows(
            "(select source_name, table_name, loaded_on, rows_in, "
            f"{columns} from intermediate.int_load_counts) except all "
            f"(select source, table_name, loaded_on, count(*), {sums} "
            "from judged group by all)"
        )
        == []
    )


def test_the_world_passes_every_data_test(built):
    failed = [line for line in built.second.log.splitlines() if "Failure in" in line]
    assert (built.second.exit_code, failed) == (0, [])


def test_a_second_build_reads_no_load_and_changes_nothing(built):
    assert built.changes == {}
    assert built.rows(
        "select count(*) filter (where is_new), count(*) > 0 "
        "from staging.stg_ingest__lake_loads"
    ) == [(0, True)]
    loads = "select source_name, table_name, load_id from"
    assert (
        built.rows(
            f"({loads} intermediate.int_load_counts) "
            f"except all ({loads} intermediate.int_loads_read)"
        )
        == []
    )


# The same by other means: distinct rows and exact counts, with no bits set and nothing
# put off.
WEB_DAYS = """
    with
    sound as (
        select
            trim(event_id) as event_id, trim(visitor_id) as visitor_id,
            trim(event_name) as event_name, event_at,
            -- Of events without a page nobody can say that they are the same.
            coalesce(lower(trim(page_url)), event_id) as page, loaded_on, source_row
        from {events}
        where
            trim(event_id) != '' and trim(visitor_id) != '' and trim(event_name) != ''
            and event_at < loaded_on + interval 2 day
    ),
    latest as (
        select
            visitor_id,
            event_at::date as activity_on,
            event_id,
            arg_max(
                {{'name': event_name, 'at': event_at, 'page': page}},
                (loaded_on, source_row)
            ) as seen
        from sound
        group by all
    ),
    distinct_events as (
        select distinct visitor_id, activity_on, seen from latest
    )
    select
        visitor_id as profile_id,
        activity_on,
        count(*) as event_count,
        count(*) filter (where seen.name = 'page_view') as page_view_count,
        count(*) filter (where seen.name = 'view_item') as product_view_count,
        count(*) filter (where seen.name = 'add_to_cart') as cart_count,
        count(*) filter (where seen.name = 'purchase') as purchase_count
    from distinct_events
    group by all
"""


def test_web_days_are_what_an_exact_count_gives(built):
    exact = WEB_DAYS.format(events=lake_sql(built.workspace.lake, "web.events"))
    counted = "select * from intermediate.int_web_activity_daily"
    assert built.rows(f"select count(*) > 10000 from ({exact})") == [(True,)]
    assert built.rows(f"({exact}) except all ({counted}) limit 9") == []
    assert built.rows(f"({counted}) except all ({exact}) limit 9") == []


def test_web_events_add_up_to_those_that_are_not_planted(built):
    ((expected,),) = built.rows(
        f"select (select count(*) from {lake_sql(built.workspace.lake, 'web.events')})"
        " - (select count(*) from truth where source = 'web')"
    )
    assert built.rows(
        "select sum(event_count) from intermediate.int_web_activity_daily"
    ) == [(expected,)]


def test_no_web_event_is_there_twice(built):
    assert (
        built.rows(
            "select visitor_id, event_at::date, event_id from staging.stg_web__events "
            "group by all having count(*) > 1"
        )
        == []
    )


def pairs_of(group: np.ndarray) -> int:
    """Count the pairs within groups."""
    sizes = np.unique(group, return_counts=True)[1].astype("int64")
    return int((sizes * (sizes - 1) // 2).sum())


def components(db, links: str) -> dict[int, int]:
    """Give the component of every profile that a select of two keys joins."""
    left, right = db.sql(links).fetchnumpy().values()
    found = connected_profiles(left, right).to_pydict()
    return dict(zip(found["profile_key"], found["component_key"], strict=True))


def test_deterministic_links_find_the_true_persons(built):
    """Pairs of profiles, against those that what they carry can join at all.

    That is pairs of one true person which share a value, directly or through others of
    hers, whatever the rules make of the value.
    """
    found = components(
        built.db,
        "select left_profile_key, right_profile_key "
        "from intermediate.int_identity_links where link_type != 'match'",
    )
    possible = components(
        built.db,
        "select min(profile_key) over (partition by identifier_key, person_id), "
        "profile_key from intermediate.int_profile_identifiers "
        "join persons using (profile_key) where person_id is not null",
    )
    keys = [
        key
        for (key,) in built.rows(
            "select profile_key from persons where person_id is not null order by all"
        )
    ]
    ours = np.array([found.get(key, key) for key in keys])
    truth = np.array([possible.get(key, key) for key in keys])
    both = pairs_of(np.unique([ours, truth], axis=1, return_inverse=True)[1])
    precision, recall = both / pairs_of(ours), both / pairs_of(truth)
    f1 = 2 * both / (pairs_of(ours) + pairs_of(truth))
    print(f"precision {precision:.5f}, recall {recall:.5f}, F1 {f1:.5f}")
    assert both > 20_000
    assert f1 >= 0.999
    assert precision >= 0.999


def test_persons_are_hardly_ever_two(built):
    ((ours, right),) = built.rows(
        "select sum(pairs) filter (where not is_truth), "
        "sum(pairs) filter (where is_truth) "
        "from (select false as is_truth, count(*) * (count(*) - 1) / 2 as pairs "
        "from persons where person_id is not null group by person_key union all "
        "select true, count(*) * (count(*) - 1) / 2 from persons "
        "where person_id is not null group by person_key, person_id)"
    )
    assert right / ours >= 0.93


def test_traps_join_nobody(built):
    """Tills stand alone, whoever was rung up there; so do values that nobody owns."""
    tills = built.rows(
        "select source_name, profile_id, count(*) over (partition by person_key) "
        "from persons qualify starts_with(profile_id, 'CTILL')"
    )
    assert [row[0] for row in tills] == ["shop"] * 4
    assert {row[2] for row in tills} == {1}
    assert built.rows(
        "select verdict, count(*) from intermediate.int_identifier_values "
        "where verdict != 'links' group by all order by all"
    ) == [("blocked", 2), ("shared_too_widely", 4)]
    assert built.rows(
        "select review_kind, evidence, count(*) from marts.fct_identity_reviews "
        "where review_kind = 'shared_value' group by all order by all"
    ) == [("shared_value", "customer", 4)]


def test_no_person_holds_more_than_its_limit(built):
    held = (
        "select person_key, identifier_space, count(distinct identifier_key) as held, "
        "min(maximum_per_person) as most from intermediate.int_identifier_carriers "
        "join intermediate.int_person_profiles using (profile_key) "
        "join rules.identifier_rules using (identifier_type) "
        "where not is_spelling group by all"
    )
    assert built.rows(f"from ({held}) where held > most") == []
    assert built.rows(f"select count(*) > 10000 from ({held})") == [(True,)]


def test_views_keep_the_grain_that_follows_from_what_they_read(built, manifest):
    views = [
        (view, arguments)
        for layer, view, arguments in views_by_construction(manifest)
        if layer == "intermediate"
    ]
    assert len(views) == 15
    for view, arguments in views:
        assert_grain_holds(built.db, view, arguments)


def test_a_night_without_news_reads_no_more_rows_than_its_budget(built, manifest):
    workspace = built.workspace
    with warehouse_beside(workspace, manifest) as db:
        rows_read = count_rows_read(db, night_statements(workspace, db))
        row_counts = count_rows(db, workspace.lake, rows_read)
    # What is short costs little, however often it is read.
    times_read = {
        table: round(sum(readers.values()) / row_counts[table], 1)
        for table, readers in sorted(rows_read.items())
        if row_counts[table] >= 5_000
    }
    accept({"times_read": times_read})
    budget = read_budget()["times_read"]
    how = HOW_TO_ACCEPT.format(test="tests/python/builds/test_world.py")
    other = [
        f"{table}: long and read, here or in the budget alone"
        for table in sorted(times_read.keys() ^ budget.keys())
    ]
    more = other + read_too_often(rows_read, row_counts, budget)
    assert not more, "\n".join([how, *more])


def test_no_long_table_is_copied_into_memory_as_it_stands(built, manifest):
    assert long_copies(built.workspace, manifest) == [], "inlined() spares the copy"
