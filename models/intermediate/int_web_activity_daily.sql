{{ config(materialized='view') }}

with
visitor_days as (
    select * from {{ ref('stg_web__visitor_days') }}
),

refused as (
    select * from {{ ref('stg_web__events_refused') }}
    where row_verdict != 'quarantined'
),

repeats as (
    select
        visitor_id,
        event_on,
        count(*) as event_count,
        count(*) filter (where event_name = 'page_view') as page_view_count,
        count(*) filter (where event_name = 'view_item') as product_view_count,
        count(*) filter (where event_name = 'add_to_cart') as cart_count,
        count(*) filter (where event_name = 'purchase') as purchase_count
    from refused
    group by visitor_id, event_on
),

-- Days were counted with their repeats; these come off again.
int_web_activity_daily as (
    select
        visitor_days.visitor_id as profile_id,
        visitor_days.event_on as activity_on,
        visitor_days.event_count - coalesce(repeats.event_count, 0) as event_count,
        visitor_days.page_view_count
        - coalesce(repeats.page_view_count, 0) as page_view_count,
        visitor_days.product_view_count
        - coalesce(repeats.product_view_count, 0) as product_view_count,
        visitor_days.cart_count - coalesce(repeats.cart_count, 0) as cart_count,
        visitor_days.purchase_count
        - coalesce(repeats.purchase_count, 0) as purchase_count
    from visitor_days
    left join repeats
        on
            visitor_days.visitor_id = repeats.visitor_id
            and visitor_days.event_on = repeats.event_on
)

select * from int_web_activity_daily
