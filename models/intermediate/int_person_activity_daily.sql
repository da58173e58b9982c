{{ config(materialized='view') }}

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

-- As of a past night, what came later is not there yet. A person's profiles are not
-- summed: nearly every row would be a group of its own, and all that reads them sums.
int_person_activity_daily as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        activity.source_name,
        activity.profile_id,
        activity.activity_on,
        activity.channel,
        activity.event_type,
        activity.event_count,
        activity.line_count,
        activity.sale_amount,
        activity.discount_amount,
        activity.refund_amount
    from activity
    inner join person_profiles
        on {{ same_profile('activity', 'person_profiles') }}
    cross join clock
    where activity.activity_on <= clock.as_of_date
)

select * from int_person_activity_daily
