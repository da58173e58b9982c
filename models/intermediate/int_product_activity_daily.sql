{{ config(unique_key='activity_on') }}

with
days as (
    select * from {{ ref('int_shop_days_judged') }}
    where judged_at > {{ judged_since() }}
),

orders as (
    select * from {{ ref('int_orders_treated') }}
    where
        customer_id is not null
        and event_type = 'purchase'
        and ordered_on in (select days.activity_on from days)
),

order_lines as (
    select * from {{ ref('int_order_lines_treated') }}
    where line_kind = 'product' and quantity > 0
),

int_product_activity_daily as (
    select
        'shop' as source_name,
        orders.customer_id as profile_id,
        orders.ordered_on as activity_on,
        order_lines.product_id,
        count(*) as line_count,
        -- Parts of units are summed as decimals, which no order of threads changes.
        sum(order_lines.quantity::decimal(18, 4)) as unit_count,
        sum(order_lines.line_amount) as sale_amount,
        coalesce(
            sum(order_lines.line_amount) filter (
                where order_lines.cost_amount is not null
            ),
            0
        ) as costed_sale_amount,
        coalesce(sum(order_lines.cost_amount), 0) as cost_amount,
        days.judged_at
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join days
        on orders.ordered_on = days.activity_on
    group by
        orders.customer_id,
        orders.ordered_on,
        order_lines.product_id,
        days.judged_at
)

select * from int_product_activity_daily
