with
topic_activity as (
    select * from {{ ref('int_topic_activity_daily') }}
),

accounts as (
    select * from {{ ref('int_person_profiles') }}
    where source_name = 'social'
),

clock as (
    select * from {{ ref('int_clock') }}
),

int_person_topics as (
    select
        accounts.person_key,
        clock.as_of_date,
        topic_activity.topic,
        sum(topic_activity.event_count)::bigint as event_count
    from topic_activity
    inner join accounts
        on {{ same_profile('topic_activity', 'accounts') }}
    cross join clock
    where topic_activity.activity_on <= clock.as_of_date
    group by accounts.person_key, clock.as_of_date, topic_activity.topic
)

select * from int_person_topics
