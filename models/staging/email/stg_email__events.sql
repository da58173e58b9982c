with
events as (
    select * from {{ ref('stg_email__events_judged') }}
    where row_verdict = 'kept'
),

stg_email__events as (
    select
        event_id,
        event_at,
        event_type,
        message_id,
        campaign_id,
        email,
        link_url,
        device_category
    from events
)

select * from stg_email__events
