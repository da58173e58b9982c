{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='event_on',
    )
}}

with
visitor_days as (
    select * from {{ ref('stg_web__visitor_days') }}
    where may_repeat
),

events_sound as (
    select * from {{ ref('stg_web__events_sound') }}
    where {{ in_touched_day('web', 'events', 'event_at') }}
),

suspects as (
    select
        events_sound.event_id,
        events_sound.visitor_id,
        events_sound.event_at,
        events_sound.event_at::date as event_on,
        events_sound.event_name,
        events_sound.page_url,
        events_sound.session_id,
        events_sound.page_view_id,
        events_sound.product_id,
        events_sound.loaded_on,
        events_sound.load_id,
        events_sound.source_file,
        events_sound.source_row
    from events_sound
    semi join visitor_days
        on
            events_sound.visitor_id = visitor_days.visitor_id
            and events_sound.event_at::date = visitor_days.event_on
),

repeated_moments as (
    select
        visitor_id,
        event_at
    from suspects
    group by visitor_id, event_at
    having count(*) > 1
),

repeated_ids as (
    select
        visitor_id,
        event_on,
        event_id
    from suspects
    group by visitor_id, event_on, event_id
    having count(*) > 1
),

stg_web__events_doubtful as (
    select
        suspects.*,
        lower(trim(suspects.page_url)) as page
    from suspects
    left join repeated_moments
        on
            suspects.visitor_id = repeated_moments.visitor_id
            and suspects.event_at = repeated_moments.event_at
    left join repeated_ids
        on
            suspects.visitor_id = repeated_ids.visitor_id
            and suspects.event_on = repeated_ids.event_on
            and suspects.event_id = repeated_ids.event_id
    where
        repeated_moments.visitor_id is not null
        or repeated_ids.visitor_id is not null
)

select * from stg_web__events_doubtful
