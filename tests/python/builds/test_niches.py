"""Two worlds: a planted rare niche is found, and where nothing is planted nothing is.

One configuration, the project's own; the truth is for judging only.
"""

import pytest

from tessera.world import generate_world

pytestmark = pytest.mark.slow

PERSONS, DAYS = 20_000, 180
SEGMENT_OF_PERSONS = """
    create temp table true_segments as
    with known as (
        select
            source as source_name,
            case source
                when 'social' then entity || ':' || profile_id
                when 'email' then md5(profile_id)
                else profile_id
            end as profile_id,
            person_id
        from '{truth}/profile_persons.parquet'
    )
    select person_key, mode(planted_segment) as planted_segment
    from intermediate.int_person_profiles
    join known using (source_name, profile_id)
    join '{truth}/persons.parquet' using (person_id)
    group by person_key
"""


def world(new_workspace, name, *, planted, seed):
    """Build all marts of a world."""
    workspace = new_workspace(name)
    generate_world(
        persons=PERSONS,
        days=DAYS,
        seed=seed,
        out=workspace.lake,
        truth=workspace.root / "truth",
        events_per_person_day=20 / DAYS,
        planted=planted,
    )
    workspace.init_lake()
    types = ("--resource-type", "seed", "--resource-type", "model")
    marts = ("+fct_niches", "+fct_niche_members", "+fct_segment_memberships")
    workspace.dbt("build", *types, "--select", *marts)
    return workspace


def test_the_rare_niche_is_found_and_all_niches_are_of_planted_persons(new_workspace):
    workspace = world(new_workspace, "planted", planted=True, seed=1)
    with workspace.connect() as db:
        db.execute(SEGMENT_OF_PERSONS.format(truth=workspace.root / "truth"))
        purity = db.execute(
            """
            select
                niche_key,
                mode(planted_segment) as planted_segment,
                count(*) filter (
                    where planted_segment = 'night_collectors'
                ) / count(*) as precision,
                count(*) as person_count
            from marts.fct_niche_members
            left join true_segments using (person_key)
            group by niche_key
            """
        ).fetchall()
        segment_share = db.execute(
            """
            select max(recall) from (
                select count(person_key) filter (
                    where niche_key is not null
                ) / count(*) as recall
                from true_segments
                join marts.fct_segment_memberships using (person_key)
                left join marts.fct_niche_members using (person_key, segment_key)
                where planted_segment = 'night_collectors'
                group by segment_key
                having count(*) >= 50
            )
            """
        ).fetchall()[0][0]
    print("niches:", purity, "recall in the best segment:", segment_share)
    rare = [row for row in purity if row[1] == "night_collectors"]
    assert max(precision for *_, precision, _ in rare) >= 0.9
    assert segment_share >= 0.6


def test_without_planted_segments_there_is_no_niche(new_workspace):
    workspace = world(new_workspace, "unplanted", planted=False, seed=2)
    assert workspace.value("select count(*) from features.ftr_person_matrix") > 10_000
    assert workspace.query("from marts.fct_niches") == []
