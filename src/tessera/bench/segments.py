"""Segments of behaviour that a build found, beside the planted ones of a world."""

from __future__ import annotations

from pathlib import Path

import duckdb
from sklearn.metrics import adjusted_rand_score

from tessera.bench.measure import markdown_table
from tessera.world.truth_tables import true_profiles_sql

# A person is who most of her profiles are; a planted one may change segment on a day.
FOUND = """
    create temp table found as
    with true_profiles as (
        {true_profiles}
    ),

    true_persons as (
        select
            profiles.person_key,
            mode(true_profiles.person_id) as person_id
        from intermediate.int_person_profiles as profiles
        inner join true_profiles using (source_name, profile_id)
        where true_profiles.person_id is not null
        group by profiles.person_key
    )

    select
        count(*) over (partition by true_persons.person_id) = 1 as is_whole,
        memberships.segment_key as held,
        scores.segment_number as scored,
        rfm.order_count,
        planted.drifted_on is null as is_constant,
        case
            when planted.drifted_on <= rfm.as_of_date then planted.second_segment
            else planted.planted_segment
        end as planted
    from marts.fct_segment_memberships as memberships
    inner join segments.seg_behaviour_scores as scores using (person_key)
    inner join features.ftr_person_rfm as rfm using (person_key)
    inner join true_persons using (person_key)
    inner join '{truth}/persons.parquet' as planted
        on true_persons.person_id = planted.person_id
    where memberships.segmentation = 'behaviour' and planted.is_buyer
"""
GROUPS = {
    "all buyers": "true",
    "one order": "order_count = 1",
    "two orders": "order_count = 2",
    "two or more": "order_count >= 2",
    "three or more": "order_count >= 3",
    "four or more": "order_count >= 4",
    "all whose purchases are not two persons'": "is_whole",
    "these, who never changed segment, two orders or more": (
        "is_whole and is_constant and order_count >= 2"
    ),
}


def bench_segments(warehouse: Path, truth: Path) -> str:
    """Hold the segments of behaviour of a built world against its truth.

    Parameters
    ----------
    warehouse : Path
        What ``dbt build`` made of a planted world; opened read-only.
    truth : Path
        Folder with the world's truth.

    Returns
    -------
    str
        Two Markdown tables. The adjusted Rand index with the planted segments, in
        -0.5 to 1, of the memberships and of tonight's nearest centroids, by how much is
        known of the persons; then how many persons of each planted segment stand in
        each found one.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute(
            FOUND.format(true_profiles=true_profiles_sql(truth), truth=truth)
        )
        rows = []
        for name, condition in GROUPS.items():
            columns = connection.execute(
                f"select planted, held, scored from found where {condition}"
            ).fetchnumpy()
            planted = columns["planted"].astype(str)
            rows.append(
                [
                    name,
                    f"{len(planted):,}",
                    *(
                        f"{adjusted_rand_score(planted, columns[ours].astype(str)):.3f}"
                        for ours in ("held", "scored")
                    ),
                ]
            )
        crossed = connection.execute(
            "select planted, held, count(*) from found group by all order by all"
        ).fetchall()
    counts = {(planted, held): count for planted, held, count in crossed}
    held = sorted({held for _, held in counts})
    return "\n\n".join(
        [
            markdown_table(["who is looked at", "persons", "held", "scored"], rows),
            markdown_table(
                ["planted", *held],
                [
                    [name, *(f"{counts.get((name, key), 0):,}" for key in held)]
                    for name in sorted({planted for planted, _ in counts})
                ],
            ),
        ]
    )
