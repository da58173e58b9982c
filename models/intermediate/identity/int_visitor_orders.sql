{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='ordered_on',
    )
}}

with
events as (
    select * from {{ ref('stg_web__events_sound') }}
    where
        order_id is not null
        and {{ in_touched_day('web', 'events', 'event_at') }}
),

int_visitor_orders as (
    select
        visitor_id,
        order_id,
        event_at::date as ordered_on
    from events
    group by visitor_id, order_id, event_at::date
)

select * from int_visitor_orders
