{{ config(unique_key='activity_on') }}

with
days as (
    select * from {{ ref('int_shop_days_judged') }}
    where judged_at > {{ judged_since() }}
),

orders as (
    select * from {{ ref('int_orders_treated') }}
    where customer_id is not null and ordered_on in (select days.activity_on from days)
),

redemptions as (
    select * from {{ ref('stg_campaigns__redemptions') }}
    where redeemed_on in (select days.activity_on from days)
),

order_days as (
    select
        customer_id as profile_id,
        ordered_on as activity_on,
        channel,
        event_type,
        count(*) as event_count,
        sum(line_count)::bigint as line_count,
        sum(case when event_type = 'purchase' then sale_amount else 0 end)
            as sale_amount,
        sum(case when event_type = 'purchase' then discount_amount else 0 end)
            as discount_amount,
        sum(case when event_type = 'refund' then refund_amount else 0 end)
            as refund_amount
    from orders
    group by customer_id, ordered_on, channel, event_type
),

redemption_days as (
    select
        customer_id as profile_id,
        redeemed_on as activity_on,
        'campaign' as channel,
        'coupon_redeemed' as event_type,
        count(*) as event_count,
        0::bigint as line_count,
        0::decimal(18, 4) as sale_amount,
        0::decimal(18, 4) as discount_amount,
        0::decimal(18, 4) as refund_amount
    from redemptions
    group by customer_id, redeemed_on
),

all_days as (
    select * from order_days
    union all
    select * from redemption_days
),

int_shop_activity_daily as (
    select
        'shop' as source_name,
        all_days.*,
        days.judged_at
    from all_days
    inner join days
        on all_days.activity_on = days.activity_on
)

select * from int_shop_activity_daily
