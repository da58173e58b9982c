-- Only int_web_sessions reads it in a night's run, so nothing is stored.
{{ config(materialized='view') }}

{%- set sessions = made_before('intermediate', 'int_web_sessions') -%}
{%- set query -%}
    select min(starts_at)::date::varchar from {{ ref('int_web_sequences_touched') }}
{%- endset -%}
{%- set first_day = run_query(query).columns[0][0] if sessions %}

with
-- A tracker's session is ordered by itself, whoever its visitors; the other events of a
-- visitor together, for their gaps to divide. The engine opens only files that can hold
-- events of touched sequences.
events as (
    select
        *,
        coalesce(session_id, visitor_id) as sequence_id,
        session_id is not null as is_numbered
    from {{ ref('stg_web__events') }}
    {% if first_day -%}
        where loaded_on >= date '{{ first_day }}' - interval 1 day
    {%- endif %}
),

touched as (
    select * from {{ ref('int_web_sequences_touched') }}
),

-- The first time all events; later those whose sessions may have changed.
chosen_events as (
    select events.*
    from events
    left join touched
        on
            events.sequence_id = touched.sequence_id
            and events.is_numbered = touched.is_numbered
            and events.event_at between touched.starts_at and touched.ends_at
    where touched.sequence_id is not null {{ 'or true' if not sessions }}
),

numbered_events as (
    select
        *,
        row_number() over event_order as event_number,
        lag(event_at) over event_order as previous_event_at
    from chosen_events
    window event_order as (
        partition by sequence_id, is_numbered
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
                    not is_numbered
                    and {{ elapsed('minute', 'previous_event_at', 'event_at') }}
                    > {{ var('session_gap_minutes') }}
                )
                then coalesce(session_id, md5(visitor_id || ' ' || event_at::varchar))
        end as begun_session_id
    from numbered_events
),

int_web_session_events as (
    select
        event_id,
        last_value(begun_session_id ignore nulls) over (
            partition by sequence_id, is_numbered
            order by event_number
            rows between unbounded preceding and current row
        ) as session_id,
        is_numbered,
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
