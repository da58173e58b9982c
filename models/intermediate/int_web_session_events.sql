-- Only int_web_sessions reads it in a night's run, so nothing is stored.
{{ config(materialized='view') }}

with
-- A tracker's session is ordered by itself, whoever its visitors; the other events of a
-- visitor together, for their gaps to divide.
events as (
    select
        *,
        session_id as tracker_session_id,
        case when session_id is null then visitor_id end as untracked_visitor_id
    from {{ ref('stg_web__events') }}
),

numbered_events as (
    select
        *,
        row_number() over event_order as event_number,
        lag(event_at) over event_order as previous_event_at
    from events
    window event_order as (
        partition by tracker_session_id, untracked_visitor_id
        order by event_at, event_id
    )
),

-- The first event names its session, so that one event a session is hashed.
first_events as (
    select
        *,
        case
            when
                previous_event_at is null
                or (
                    tracker_session_id is null
                    and {{ elapsed('minute', 'previous_event_at', 'event_at') }}
                    > {{ var('session_gap_minutes') }}
                )
                then coalesce(
                    tracker_session_id, md5(visitor_id || ' ' || event_at::varchar)
                )
        end as begun_session_id
    from numbered_events
),

int_web_session_events as (
    select
        event_id,
        last_value(begun_session_id ignore nulls) over (
            partition by tracker_session_id, untracked_visitor_id
            order by event_number
            rows between unbounded preceding and current row
        ) as session_id,
        event_number,
        event_at,
        visitor_id,
        user_id,
        event_name,
        page_view_id,
        page_url,
        order_id,
        device_category,
        campaign_source,
        campaign_medium,
        campaign_name,
        country_code
    from first_events
)

select * from int_web_session_events
