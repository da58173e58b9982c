{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='logged_in_on',
    )
}}

with
events as (
    select * from {{ ref('stg_web__events_sound') }}
    where
        user_id is not null
        and {{ in_touched_day('web', 'events', 'event_at') }}
),

int_visitor_logins as (
    select
        visitor_id,
        user_id,
        event_at::date as logged_in_on
    from events
    group by visitor_id, user_id, event_at::date
)

select * from int_visitor_logins
