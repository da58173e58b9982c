with
moments as (
    select * from {{ ref('int_moments_daily') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- A year's habits: what was done before may have been in another life.
int_person_moments as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        moments.local_weekday,
        moments.local_hour,
        moments.device_category,
        sum(moments.event_count)::bigint as event_count
    from moments
    inner join person_profiles
        on {{ same_profile('moments', 'person_profiles') }}
    cross join clock
    where
        moments.activity_on <= clock.as_of_date
        and date_diff('day', moments.activity_on, clock.as_of_date) < 365
    group by
        person_profiles.person_key,
        clock.as_of_date,
        moments.local_weekday,
        moments.local_hour,
        moments.device_category
)

select * from int_person_moments
