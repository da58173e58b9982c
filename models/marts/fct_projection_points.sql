with
champion as (
    select max_by(fitted_on, as_of_date) as fitted_on
    from {{ ref('fit_champions') }}
),

projection as (
    select projection.*
    from {{ ref('fit_projection') }} as projection
    inner join champion
        on projection.fitted_on = champion.fitted_on
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
