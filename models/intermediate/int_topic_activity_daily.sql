with
engagements as (
    select * from {{ ref('stg_social__engagements') }}
    where topic is not null
),

by_natural_id as (
    select
        platform,
        profile_id,
        engaged_at::date as activity_on,
        topic,
        count(*) as event_count
    from engagements
    group by platform, profile_id, engaged_at::date, topic
),

int_topic_activity_daily as (
    select
        'social' as source_name,
        platform || ':' || profile_id as profile_id,
        activity_on,
        topic,
        event_count
    from by_natural_id
)

select * from int_topic_activity_daily
