{{ config(pre_hook="{{ forget_repeats('web', 'events', 'event_at') }}") }}

with
doubtful as (
    select
        *,
        0 as content_hash
    from {{ ref('stg_web__events_doubtful') }}
    where
        {{ in_touched_day('web', 'events', 'event_at') }}
        or {{ in_new_load('web', 'events') }}
),

-- An event is what happened once: whatever else a row with its id says, it is the same.
by_key as (
    select
        *,
        {{ row_verdict(['visitor_id', 'event_at::date', 'event_id']) }} as key_verdict
    from doubtful
),

-- Two events of one visitor at one moment, alike in all but the case and blanks of the
-- page, are one that was logged twice.
verdicts as (
    select
        *,
        {{ lookalike_verdict(
            'key_verdict', 'event_id',
            'visitor_id, event_at, event_name, page, session_id, page_view_id, product_id',
            'page is not null',
        ) }} as row_verdict
    from by_key
),

stg_web__events_refused as (
    select
        visitor_id,
        event_on,
        event_name,
        loaded_on,
        load_id,
        source_file,
        source_row,
        broken_rule,
        row_verdict
    from verdicts
    where row_verdict != 'kept'
)

select * from stg_web__events_refused
