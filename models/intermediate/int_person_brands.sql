with
activity as (
    select * from {{ ref('int_brand_activity_daily') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

int_person_brands as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        activity.brand,
        sum(activity.line_count)::bigint as line_count
    from activity
    inner join person_profiles
        on
            activity.source_name = person_profiles.source_name
            and activity.profile_id = person_profiles.profile_id
    cross join clock
    where activity.activity_on <= clock.as_of_date
    group by person_profiles.person_key, clock.as_of_date, activity.brand
)

select * from int_person_brands
