with
redemptions as (
    select * from {{ ref('stg_campaigns__redemptions_judged') }}
    where row_verdict = 'kept'
),

stg_campaigns__redemptions as (
    select
        campaign_id,
        customer_id,
        coupon_id,
        redeemed_on
    from redemptions
)

select * from stg_campaigns__redemptions
