with
events as (
    select * from {{ source('ads', 'events') }}
    where {{ in_new_load('ads', 'events') }}
),

normalised as (
    select
        nullif(trim(event_id), '') as event_id,
        event_at,
        nullif(lower(trim(event_type)), '') as event_type,
        nullif(lower(trim(platform)), '') as platform,
        nullif(trim(campaign_id), '') as campaign_id,
        nullif(trim(ad_id), '') as ad_id,
        nullif(trim(visitor_id), '') as visitor_id,
        nullif(lower(trim(email_sha256)), '') as email_sha256,
        nullif(trim(order_id), '') as order_id,
        conversion_amount,
        nullif(lower(trim(device_category)), '') as device_category,
        nullif(trim(country_code), '') as country_code,
        nullif(trim(region), '') as region,
        {{ content_hash('ads', 'events') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from events
),

judged as (
    select
        *,
        {{ first_broken_rule('ads', 'events', [
            not_one_of(
                'unknown_event_type', 'event_type',
                ['impression', 'click', 'conversion'],
            ),
            ('negative_amount', 'conversion_amount', 'conversion_amount < 0'),
            later_than_its_load('event_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['event_id']) }}
),

stg_ads__events_judged as (
    select
        *,
        {{ row_verdict(['event_id']) }} as row_verdict
    from versions
)

select * from stg_ads__events_judged
