{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='activity_on',
) }}

with
orders as (
    select * from {{ ref('stg_shop__orders_judged') }}
),

order_lines as (
    select * from {{ ref('stg_shop__order_lines_judged') }}
    where judged_at > {{ judged_since() }}
),

redemptions as (
    select * from {{ ref('stg_campaigns__redemptions_judged') }}
    where judged_at > {{ judged_since() }}
),

treatments as (
    select count(*) > 0 as are_in_force from {{ ref('outliers') }}
    where level in ('order', 'order_line') and action != 'flag'
),

-- A line counts for the days of its order, of all versions of it: the order may have
-- moved from one day to another.
order_moments as (
    select
        order_id,
        max(judged_at) as judged_at
    from order_lines
    group by order_id
),

moments as (
    select
        orders.ordered_at::date as activity_on,
        greatest(orders.judged_at, order_moments.judged_at) as judged_at
    from orders
    left join order_moments
        on orders.order_id = order_moments.order_id
    where
        orders.judged_at > {{ judged_since() }}
        or order_moments.order_id is not null
    union all
    select
        redeemed_on as activity_on,
        judged_at
    from redemptions
    {% if is_incremental() %}
        -- Bounds that clip values or set them aside move each night, and every day's
        -- values with them; a night without them takes back what the last one did.
        union all
        select
            known.activity_on,
            {{ run_started() }} as judged_at
        from {{ this }} as known
        cross join treatments
        where known.is_treated or treatments.are_in_force
    {% endif %}
),

int_shop_days_judged as (
    select
        moments.activity_on,
        max(moments.judged_at) as judged_at,
        any_value(treatments.are_in_force) as is_treated
    from moments
    cross join treatments
    where moments.activity_on is not null
    group by moments.activity_on
)

select * from int_shop_days_judged
