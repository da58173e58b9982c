{{ config(unique_key=['person_key', 'segmentation', 'valid_from']) }}

with
changes as (
    select * from {{ ref('seg_membership_changes') }}
),

before as (
    select * from {{ ref('seg_memberships_before') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

seg_membership_history as (
    select
        before.person_key,
        before.segmentation,
        before.segment_key,
        before.probability,
        before.model_version,
        before.valid_from,
        clock.as_of_date as valid_to
    from before
    semi join changes
        on
            before.person_key = changes.person_key
            and before.segmentation = changes.segmentation
    cross join clock
    union all
    select
        changes.person_key,
        changes.segmentation,
        changes.to_segment_key as segment_key,
        changes.probability,
        changes.model_version,
        clock.as_of_date as valid_from,
        null::date as valid_to
    from changes
    cross join clock
    where changes.to_segment_key is not null
)

select * from seg_membership_history
