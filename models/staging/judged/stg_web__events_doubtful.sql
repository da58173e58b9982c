{{ config(pre_hook="{{ forget_repeats('web', 'events', 'event_at') }}") }}

{%- set loads = new_loads('web', 'events') -%}
{%- set days = touched_days('web', 'events', 'event_at') -%}
{%- set first_days = ["date '" ~ loads[0][:10] ~ "'"] if loads else [] -%}
{%- do first_days.append(days[0] ~ ' - interval 1 day') if days -%}
{%- set is_openable = 'loaded_on >= least(' ~ first_days | join(', ') ~ ')' %}

with
visitor_days as (
    select * from {{ ref('stg_web__visitor_days') }}
    where may_repeat
),

events as (
    select
        *,
        {{ first_broken_rule('web', 'events', [
            ('blank', 'event_id', "event_id = ''"),
            ('blank', 'visitor_id', "visitor_id = ''"),
            later_than_its_load('event_at'),
        ]) }} as broken_rule
    from {{ ref('stg_web__events_normalised') }}
    where
        (
            {{ in_touched_day('web', 'events', 'event_at') }}
            or {{ in_new_load('web', 'events') }}
        )
        -- Said apart, or the engine opens every file.
        and {{ is_openable if first_days else 'true' }}
),

-- One look at the wide columns, for both kinds of doubt.
suspects as (
    select
        events.event_id,
        events.visitor_id,
        events.event_at,
        events.event_at::date as event_on,
        events.event_name,
        events.page_url,
        events.session_id,
        events.page_view_id,
        events.product_id,
        events.loaded_on,
        events.load_id,
        events.source_file,
        events.source_row,
        events.broken_rule
    from events
    left join visitor_days
        on
            events.visitor_id = visitor_days.visitor_id
            and events.event_at::date = visitor_days.event_on
    where events.broken_rule is not null or visitor_days.visitor_id is not null
),

repeated_moments as (
    select
        visitor_id,
        event_at
    from suspects
    where broken_rule is null
    group by visitor_id, event_at
    having count(*) > 1
),

repeated_ids as (
    select
        visitor_id,
        event_on,
        event_id
    from suspects
    where broken_rule is null
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
        suspects.broken_rule is not null
        or repeated_moments.visitor_id is not null
        or repeated_ids.visitor_id is not null
)

select * from stg_web__events_doubtful
