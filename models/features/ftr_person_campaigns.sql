with
campaigns as (
    select * from {{ ref('int_person_campaigns') }}
),

activity as (
    select * from {{ ref('int_person_activity_daily') }}
    where event_type = 'coupon_redeemed'
),

exposures as (
    select
        person_key,
        as_of_date,
        starts_on as happened_on,
        1 as campaign_count,
        0 as redemption_count
    from campaigns
    union all
    select
        person_key,
        as_of_date,
        activity_on as happened_on,
        0 as campaign_count,
        event_count as redemption_count
    from activity
),

dated as (
    select
        *,
        date_diff('day', happened_on, as_of_date) < 90 as is_recent
    from exposures
),

ftr_person_campaigns as (
    select
        person_key,
        as_of_date,
        sum(campaign_count)::bigint as campaign_count,
        sum(redemption_count)::bigint as redemption_count,
        coalesce(sum(campaign_count) filter (where is_recent), 0)::bigint
            as campaign_count_90_days,
        coalesce(sum(redemption_count) filter (where is_recent), 0)::bigint
            as redemption_count_90_days
    from dated
    group by person_key, as_of_date
)

select * from ftr_person_campaigns
