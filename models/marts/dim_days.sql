with
clock as (
    select * from {{ ref('int_clock') }}
),

activity as (
    select * from {{ ref('int_person_activity_daily') }}
),

bounds as (
    select
        clock.as_of_date as last_on,
        coalesce(min(activity.activity_on), clock.as_of_date) as first_on
    from clock
    left join activity
        on clock.as_of_date = activity.as_of_date
    group by clock.as_of_date
),

days as (
    select unnest(range(0, date_diff('day', first_on, last_on) + 1)) as day_number
    from bounds
),

dim_days as (
    select bounds.first_on + days.day_number::integer as calendar_on
    from days
    cross join bounds
)

select * from dim_days
