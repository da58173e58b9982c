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
        1 as campaign_count,
        0 as redemption_count
    from campaigns
    union all
    select
        person_key,
        as_of_date,
        0 as campaign_count,
        event_count as redemption_count
    from activity
),

ftr_person_campaigns as (
    select
        person_key,
        as_of_date,
        sum(campaign_count)::bigint as campaign_count,
        sum(redemption_count)::bigint as redemption_count
    from exposures
    group by person_key, as_of_date
)

select * from ftr_person_campaigns
