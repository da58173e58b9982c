with
memberships as (
    select * from {{ ref('seg_memberships') }}
),

before as (
    select * from {{ ref('seg_memberships_before') }}
),

persons as (
    select * from {{ ref('seg_rfm_scores') }}
),

partitions as (
    select * from {{ ref('segmentations') }}
    where kind = 'partition'
),

-- Everybody is in each partition once, so whoever is no longer there has left them all.
left_for_good as (
    select before.*
    from before
    left join persons
        on before.person_key = persons.person_key
    left join partitions
        on before.segmentation = partitions.segmentation
    where persons.person_key is null or partitions.segmentation is null
),

seg_membership_changes as (
    select
        person_key,
        segmentation,
        from_segment_key,
        segment_key as to_segment_key,
        probability,
        model_version
    from memberships
    where entered_on = as_of_date
    union all
    select
        person_key,
        segmentation,
        segment_key as from_segment_key,
        null::varchar as to_segment_key,
        null::double as probability,
        null::varchar as model_version
    from left_for_good
)

select * from seg_membership_changes
