with
events as (
    select * from {{ ref('stg_ads__events') }}
),

-- A click tells the cookie, a matched impression the hashed address, most neither.
identified as (
    select
        coalesce(visitor_id, email_sha256) as profile_id,
        event_at::date as activity_on,
        event_type
    from events
),

int_ads_activity_daily as (
    select
        profile_id,
        activity_on,
        event_type,
        count(*) as event_count
    from identified
    where profile_id is not null
    group by profile_id, activity_on, event_type
)

select * from int_ads_activity_daily
