-- As the tracker wrote it: trimming texts costs more than counting the events. A blank
-- id breaks a rule instead.
with
events as (
    select * from {{ source('web', 'events') }}
),

stg_web__events_normalised as (
    select
        event_id,
        event_at,
        visitor_id,
        user_id,
        session_id,
        event_name,
        page_url,
        page_view_id,
        product_id,
        order_id,
        device_category,
        campaign_source,
        campaign_medium,
        campaign_name,
        country_code,
        region,
        loaded_on,
        load_id,
        source_file,
        source_row
    from events
)

select * from stg_web__events_normalised
