with
memberships as (
    select * from {{ ref('seg_memberships') }}
),

fct_segment_memberships as (
    select
        person_key,
        segmentation,
        segment_key,
        probability,
        entered_on,
        model_version,
        as_of_date
    from memberships
)

select * from fct_segment_memberships
