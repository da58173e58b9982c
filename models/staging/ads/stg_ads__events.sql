with
events as (
    select * from {{ ref('stg_ads__events_judged') }}
    where row_verdict = 'kept'
),

stg_ads__events as (
    select
        event_id,
        event_at,
        event_type,
        platform,
        campaign_id,
        ad_id,
        visitor_id,
        email_sha256,
        order_id,
        conversion_amount,
        device_category,
        country_code,
        region
    from events
)

select * from stg_ads__events
