with
activity as (
    select * from {{ ref('int_topic_activity_daily') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

int_person_topics as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        activity.topic,
        sum(activity.event_count)::bigint as event_count
    from activity
    inner join person_profiles
        on
            activity.source_name = person_profiles.source_name
            and activity.profile_id = person_profiles.profile_id
    cross join clock
    where activity.activity_on <= clock.as_of_date
    group by person_profiles.person_key, clock.as_of_date, activity.topic
)

select * from int_person_topics
