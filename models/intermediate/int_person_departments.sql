with
activity as (
    select * from {{ ref('int_department_activity_daily') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

int_person_departments as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        activity.department,
        sum(activity.line_count)::bigint as line_count,
        sum(activity.unit_count)::decimal(18, 4) as unit_count,
        sum(activity.sale_amount)::decimal(18, 4) as sale_amount,
        sum(activity.costed_sale_amount)::decimal(18, 4) as costed_sale_amount,
        sum(activity.cost_amount)::decimal(18, 4) as cost_amount
    from activity
    inner join person_profiles
        on
            activity.source_name = person_profiles.source_name
            and activity.profile_id = person_profiles.profile_id
    cross join clock
    where activity.activity_on <= clock.as_of_date
    group by person_profiles.person_key, clock.as_of_date, activity.department
)

select * from int_person_departments
