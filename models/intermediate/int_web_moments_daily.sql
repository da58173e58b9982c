{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='activity_on',
    )
}}

with
events as (
    select
        visitor_id,
        event_at::date as activity_on,
        {{ local_from_utc('event_at', var('local_time_zone')) }} as local_at,
        device_category
    from {{ ref('stg_web__events_sound') }}
    where {{ in_touched_day('web', 'events', 'event_at') }}
),

-- The weekday and the hour on the wall, under the UTC day by which days are done again.
int_web_moments_daily as (
    select
        visitor_id as profile_id,
        activity_on,
        isodow(local_at)::tinyint as local_weekday,
        extract(hour from local_at)::tinyint as local_hour,
        device_category,
        count(*) as event_count
    from events
    group by
        visitor_id,
        activity_on,
        isodow(local_at)::tinyint,
        extract(hour from local_at)::tinyint,
        device_category
)

select * from int_web_moments_daily
