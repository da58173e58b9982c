with
activity as (
    select * from {{ ref('int_activity_daily') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- As of a past night, what came later is not there yet.
int_person_activity_daily as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        activity.activity_on,
        activity.channel,
        activity.event_type,
        sum(activity.event_count)::bigint as event_count,
        sum(activity.line_count)::bigint as line_count,
        sum(activity.sale_amount)::decimal(18, 4) as sale_amount,
        sum(activity.discount_amount)::decimal(18, 4) as discount_amount,
        sum(activity.refund_amount)::decimal(18, 4) as refund_amount
    from activity
    inner join person_profiles
        on
            activity.source_name = person_profiles.source_name
            and activity.profile_id = person_profiles.profile_id
    cross join clock
    where activity.activity_on <= clock.as_of_date
    group by
        person_profiles.person_key,
        clock.as_of_date,
        activity.activity_on,
        activity.channel,
        activity.event_type
)

select * from int_person_activity_daily
