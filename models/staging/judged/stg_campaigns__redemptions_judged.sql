with
redemptions as (
    select * from {{ source('campaigns', 'redemptions') }}
),

normalised as (
    select
        nullif(trim(campaign_id), '') as campaign_id,
        nullif(trim(customer_id), '') as customer_id,
        nullif(trim(coupon_id), '') as coupon_id,
        redeemed_on,
        loaded_on,
        load_id,
        source_file,
        source_row
    from redemptions
),

judged as (
    select
        *,
        {{ first_broken_rule('campaigns', 'redemptions', [
            (
                'later_than_its_load', 'redeemed_on',
                'redeemed_on >= loaded_on + interval 2 day',
            ),
        ]) }} as broken_rule
    from normalised
),

stg_campaigns__redemptions_judged as (
    select
        *,
        {{ row_verdict(
            ['campaign_id', 'customer_id', 'coupon_id', 'redeemed_on']
        ) }} as row_verdict
    from judged
)

select * from stg_campaigns__redemptions_judged
