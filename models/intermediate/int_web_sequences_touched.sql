{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{% if is_incremental() %}delete from {{ this }}{% else %}select 1{% endif %}",
    )
}}

{%- set sessions = made_before('intermediate', 'int_web_sessions') -%}
{%- set minutes = var('session_gap_minutes') | int + 1 -%}
{%- set longest_gap = "interval '" ~ minutes ~ " minutes'" %}

with
-- Refused rows too: a repeat may have taken an event from one session to another.
events as (
    select
        visitor_id,
        session_id,
        event_at::date as event_on,
        {{ in_new_load('web', 'events') }} as is_new
    from {{ ref('stg_web__events_sound') }}
    where
        {{ in_touched_day('web', 'events', 'event_at') }}
        {{ 'and false' if not (sessions and is_incremental()) }}
),

touched_visitor_days as (
    select
        visitor_id,
        event_on
    from events
    where is_new
    group by visitor_id, event_on
),

touched as (
    select
        coalesce(events.session_id, events.visitor_id) as sequence_id,
        events.session_id is not null as is_numbered,
        min(events.event_on)::timestamp as starts_at,
        max(events.event_on) + interval 1 day as ends_at
    from events
    semi join touched_visitor_days
        on
            events.visitor_id = touched_visitor_days.visitor_id
            and events.event_on = touched_visitor_days.event_on
    group by sequence_id, is_numbered
),

-- What was made of it before, read here since a reference would be a circle.
sessions as (
    {% if sessions -%}
        select
            case when is_numbered then session_id else visitor_id end as sequence_id,
            is_numbered,
            started_at,
            ended_at
        from {{ sessions }}
    {%- else -%}
        select
            null::varchar as sequence_id,
            null::boolean as is_numbered,
            null::timestamp as started_at,
            null::timestamp as ended_at
        where false
    {%- endif %}
),

-- Looked up by equality alone, which the engine hashes: with the gap among the
-- conditions it compares every sequence with every session.
sequence_sessions as (
    select
        touched.*,
        sessions.started_at,
        sessions.ended_at,
        touched.is_numbered
        or (
            sessions.started_at < touched.ends_at + {{ longest_gap }}
            and sessions.ended_at > touched.starts_at - {{ longest_gap }}
        ) as is_within_reach
    from touched
    left join sessions
        on
            touched.sequence_id = sessions.sequence_id
            and touched.is_numbered = sessions.is_numbered
),

-- A session that reaches to within the gap of a touched day may be cut, go on or join
-- another; what lies beyond a gap cannot change. A numbered one is as long as it was.
int_web_sequences_touched as (
    select
        sequence_id,
        is_numbered,
        least(starts_at, min(started_at) filter (where is_within_reach)) as starts_at,
        greatest(ends_at, max(ended_at) filter (where is_within_reach)) as ends_at
    from sequence_sessions
    group by sequence_id, is_numbered, starts_at, ends_at
)

select * from int_web_sequences_touched
