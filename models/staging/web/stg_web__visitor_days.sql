{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_on',
    )
}}

with
events as (
    select * from {{ ref('stg_web__events_sound') }}
    where {{ in_touched_day('web', 'events', 'event_at') }}
),

stg_web__visitor_days as (
    select
        visitor_id,
        event_at::date as event_on,
        count(*) as event_count,
        count(*) filter (where event_name = 'page_view') as page_view_count,
        count(*) filter (where event_name = 'view_item') as product_view_count,
        count(*) filter (where event_name = 'add_to_cart') as cart_count,
        count(*) filter (where event_name = 'purchase') as purchase_count,
        -- A day on which an id or a moment comes twice sets fewer bits than it has
        -- events; so do some others, and a closer look tells which.
        {{ may_repeat('event_id') }} or {{ may_repeat('event_at') }} as may_repeat
    from events
    group by visitor_id, event_at::date
)

select * from stg_web__visitor_days
