with
performance_daily as (
    select * from {{ ref('stg_ads__performance_daily_judged') }}
    where row_verdict = 'kept'
),

stg_ads__performance_daily as (
    select
        performed_on,
        platform,
        campaign_id,
        campaign_name,
        ad_id,
        ad_name,
        impression_count,
        click_count,
        conversion_count,
        {{ reporting_amount('conversion_amount', 'rate_to_reporting') }}
            as conversion_amount,
        {{ reporting_amount('spend_amount', 'rate_to_reporting') }} as spend_amount
    from performance_daily
)

select * from stg_ads__performance_daily
