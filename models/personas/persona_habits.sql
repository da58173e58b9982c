{{ config(materialized='view') }}

with
moments as (
    select * from {{ ref('int_person_moments') }}
),

context as (
    select * from {{ ref('ftr_person_context') }}
),

by_weekday as (
    select
        person_key,
        local_weekday,
        sum(event_count) as event_count
    from moments
    group by person_key, local_weekday
),

-- Of days alike the earlier one: it has the larger rest.
weekdays as (
    select
        person_key,
        max_by(local_weekday, event_count * 8 + 7 - local_weekday) as favourite_weekday
    from by_weekday
    group by person_key
),

-- Of parts of the day alike the one that fewer people have as their favourite.
day_parts as (
    select
        person_key,
        moment_count,
        favourite_hour,
        favourite_device,
        case greatest(night_share, morning_share, evening_share, afternoon_share)
            when night_share then 'night'
            when morning_share then 'morning'
            when evening_share then 'evening'
            else 'afternoon'
        end as day_part
    from context
),

persona_habits as (
    select
        day_parts.person_key,
        day_parts.moment_count,
        day_parts.day_part,
        weekdays.favourite_weekday::varchar as favourite_weekday,
        day_parts.favourite_hour::varchar as favourite_hour,
        day_parts.favourite_device
    from day_parts
    left join weekdays
        on day_parts.person_key = weekdays.person_key
)

select * from persona_habits
