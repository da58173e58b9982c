{{ config(unique_key='ordered_on') }}

with
days as (
    select * from {{ ref('int_shop_days_judged') }}
    where judged_at > {{ judged_since() }}
),

orders as (
    select * from {{ ref('stg_shop__orders') }}
    where ordered_at::date in (select days.activity_on from days)
),

order_lines as (
    select * from {{ ref('stg_shop__order_lines') }}
    {% if is_incremental() %}
        -- The first time every order is made.
        where order_id in (select orders.order_id from orders)
    {% endif %}
),

-- A sale is a product that was paid for or given against a coupon; gifts, fees,
-- adjustments and lines without a unit are not (docs/decisions.md).
line_totals as (
    select
        order_id,
        count(*) filter (where line_kind = 'product' and quantity > 0) as line_count,
        sum(line_amount) filter (
            where line_kind = 'product' and quantity > 0
        ) as sale_amount,
        sum(discount_amount) filter (
            where line_kind = 'product' and quantity > 0
        ) as discount_amount,
        -sum(line_amount) filter (where line_amount < 0) as refund_amount,
        sum(line_amount) as line_amount
    from order_lines
    group by order_id
),

int_orders as (
    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_at,
        orders.ordered_at::date as ordered_on,
        orders.channel,
        case
            when orders.order_status != 'completed' then 'refund'
            when line_totals.line_count > 0 then 'purchase'
            else 'other'
        end as event_type,
        coalesce(line_totals.line_count, 0) as line_count,
        coalesce(line_totals.sale_amount, 0)::decimal(18, 4) as sale_amount,
        coalesce(line_totals.discount_amount, 0)::decimal(18, 4) as discount_amount,
        -- A shop marks a return by negative lines, or by the status alone.
        coalesce(
            line_totals.refund_amount,
            case when orders.order_status = 'returned' then line_totals.line_amount end,
            0
        )::decimal(18, 4) as refund_amount,
        days.judged_at
    from orders
    inner join days
        on orders.ordered_at::date = days.activity_on
    left join line_totals
        on orders.order_id = line_totals.order_id
)

select * from int_orders
