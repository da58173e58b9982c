"""Two worlds: a planted rare kind is found, and where nothing is planted nothing is.

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


def test_the_rare_kind_is_found_as_a_segment_or_as_a_niche(new_workspace):
    workspace = world(new_workspace, "planted", planted=True, seed=1)
    with workspace.connect() as db:
        db.execute(SEGMENT_OF_PERSONS.format(truth=workspace.root / "truth"))
        groups = db.execute(
            """
            with groups as (
                select segment_key as group_key, person_key
                from marts.fct_segment_memberships
                where segmentation = 'behaviour'
                union all
                select niche_key as group_key, person_key
                from marts.fct_niche_members
            ),
            judged as (
                select
                    group_key,
                    count(*) as person_count,
                    count(*) filter (
                        where planted_segment = 'night_collectors'
                    ) as rare_count
                from groups
                join true_segments using (person_key)
                group by group_key
            )
            select
                group_key,
                person_count,
                rare_count / person_count as precision,
                rare_count / (
                    select count(*) from true_segments
                    join marts.fct_segment_memberships using (person_key)
                    where planted_segment = 'night_collectors'
                    and segmentation = 'behaviour'
                    and segment_key != 'behaviour-no-purchase'
                ) as recall
            from judged
            order by rare_count * rare_count / person_count desc
            """
        ).fetchall()
    print("groups, those of the rare kind first:", groups)
    *_, precision, recall = groups[0]
    assert precision >= 0.9
    assert recall >= 0.5


def test_without_planted_segments_there_is_no_niche(new_workspace):
    workspace = world(new_workspace, "unplanted", planted=False, seed=2)
    assert workspace.value("select count(*) from features.ftr_person_matrix") > 10_000
    assert workspace.query("from marts.fct_niches") == []
