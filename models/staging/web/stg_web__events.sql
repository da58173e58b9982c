with
events_sound as (
    select * from {{ ref('stg_web__events_sound') }}
),

refused as (
    select * from {{ ref('stg_web__events_refused') }}
    where row_verdict != 'quarantined'
),

stg_web__events as (
    select
        events_sound.event_id,
        events_sound.event_at,
        events_sound.visitor_id,
        events_sound.user_id,
        events_sound.session_id,
        events_sound.event_name,
        events_sound.page_url,
        events_sound.page_view_id,
        events_sound.product_id,
        events_sound.order_id,
        events_sound.device_category,
        events_sound.campaign_source,
        events_sound.campaign_medium,
        events_sound.campaign_name,
        events_sound.country_code,
        events_sound.region,
        events_sound.loaded_on
    from events_sound
    anti join refused
        on
            events_sound.load_id = refused.load_id
            and events_sound.source_row = refused.source_row
)

select * from stg_web__events
