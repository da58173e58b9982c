{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

fit_features_before as (
    select history.*
    from {{ ref('fit_feature_history') }} as history
    inner join clock
        on history.as_of_date < clock.as_of_date
)

select * from fit_features_before
