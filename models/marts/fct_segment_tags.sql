with
memberships as (
    select * from {{ ref('seg_rule_memberships') }}
),

segmentations as (
    select * from {{ ref('segmentations') }}
    where kind = 'overlap'
),

fct_segment_tags as (
    select
        memberships.person_key,
        memberships.segmentation,
        memberships.segment_key,
        memberships.as_of_date
    from memberships
    inner join segmentations
        on memberships.segmentation = segmentations.segmentation
)

select * from fct_segment_tags
