{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='append_new_columns',
        pre_hook="{{ forget_nights_from_tonight('moved_on') }}",
    )
}}

with
movements as (
    select * from {{ ref('fct_segment_movements') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- All nights when made from nothing, else tonight.
fct_segment_movements_daily as (
    select
        movements.moved_on,
        movements.previous_on,
        movements.segmentation,
        movements.from_segment_key,
        movements.to_segment_key,
        count(*) as person_count,
        sum(movements.behaviour_share) as behaviour_count,
        sum(movements.model_share) as model_count,
        sum(movements.threshold_share) as threshold_count,
        sum(movements.identity_share) as identity_count
    from movements
    inner join clock
        on movements.moved_on {{ '=' if is_incremental() else '<=' }} clock.as_of_date
    group by
        movements.moved_on,
        movements.previous_on,
        movements.segmentation,
        movements.from_segment_key,
        movements.to_segment_key
)

select * from fct_segment_movements_daily
