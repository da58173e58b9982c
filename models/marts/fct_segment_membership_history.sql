with
history as (
    select * from {{ ref('seg_membership_history') }}
),

fct_segment_membership_history as (
    select
        person_key,
        segmentation,
        segment_key,
        probability,
        model_version,
        valid_from,
        valid_to
    from history
)

select * from fct_segment_membership_history
