with
engagements as (
    select * from {{ ref('stg_social__engagements') }}
),

by_natural_id as (
    select
        platform,
        profile_id,
        engaged_at::date as activity_on,
        engagement_type as event_type,
        count(*) as event_count
    from engagements
    group by platform, profile_id, engaged_at::date, engagement_type
),

int_social_activity_daily as (
    select
        platform || ':' || profile_id as profile_id,
        activity_on,
        event_type,
        event_count
    from by_natural_id
)

select * from int_social_activity_daily
