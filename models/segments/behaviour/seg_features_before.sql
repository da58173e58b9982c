{{ config(materialized='view', contract={'enforced': false}) }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

seg_features_before as (
    select history.*
    from {{ ref('seg_feature_history') }} as history
    inner join clock
        on history.as_of_date < clock.as_of_date
)

select * from seg_features_before
