with
projection as (
    select * from {{ ref('fit_projection') }}
),

memberships as (
    select * from {{ ref('seg_memberships') }}
    where segmentation = 'behaviour'
),

fct_projection_points as (
    select
        projection.person_key,
        memberships.segment_key,
        projection.across as across_position,
        projection.up as up_position
    from projection
    inner join memberships
        on projection.person_key = memberships.person_key
)

select * from fct_projection_points
