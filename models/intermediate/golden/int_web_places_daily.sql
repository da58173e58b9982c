{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='seen_on',
    )
}}

with
events as (
    select * from {{ ref('stg_web__events_sound') }}
    where
        {{ in_touched_day('web', 'events', 'event_at') }}
        and coalesce(country_code, region) is not null
),

int_web_places_daily as (
    select
        visitor_id,
        event_at::date as seen_on,
        country_code as country,
        region,
        count(*) as event_count
    from events
    group by visitor_id, event_at::date, country_code, region
)

select * from int_web_places_daily
