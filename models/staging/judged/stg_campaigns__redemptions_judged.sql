with
redemptions as (
    select * from {{ source('campaigns', 'redemptions') }}
    where {{ in_new_load('campaigns', 'redemptions') }}
),

normalised as (
    select
        nullif(trim(campaign_id), '') as campaign_id,
        nullif(trim(customer_id), '') as customer_id,
        nullif(trim(coupon_id), '') as coupon_id,
        redeemed_on,
        {{ content_hash('campaigns', 'redemptions') }} as content_hash,
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
            later_than_its_load('redeemed_on'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions(
        'judged', ['campaign_id', 'customer_id', 'coupon_id', 'redeemed_on'],
        ['row_verdict', 'judged_at']
    ) }}
),

stg_campaigns__redemptions_judged as (
    select
        *,
        {{ row_verdict(
            ['campaign_id', 'customer_id', 'coupon_id', 'redeemed_on']
        ) }} as row_verdict,
        {{ run_started() }} as judged_at
    from versions
)

select * from stg_campaigns__redemptions_judged
