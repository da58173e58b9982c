{{ config(materialized='view') }}

with
rules as (
    select * from {{ ref('outliers') }}
    where level in ('order', 'order_line')
),

clock as (
    select * from {{ ref('int_clock') }}
),

orders as (
    select * from {{ ref('int_orders') }}
    where event_type = 'purchase'
),

order_lines as (
    select * from {{ ref('stg_shop__order_lines') }}
    where line_kind = 'product' and quantity > 0
),

-- As of a past night, what came later sets no bounds.
orders_so_far as (
    select
        orders.*,
        clock.as_of_date
    from orders
    cross join clock
    where orders.ordered_on <= clock.as_of_date
),

-- Only variables with a rule make rows, so each level is read once.
int_outlier_measures as (
    select
        rules.level,
        orders_so_far.order_id as entity_key,
        orders_so_far.order_id,
        rules.variable,
        case rules.variable
            when 'sale_amount' then orders_so_far.sale_amount
            when 'discount_amount' then orders_so_far.discount_amount
            when 'line_count' then orders_so_far.line_count
        end::double as measure
    from orders_so_far
    inner join rules
        on rules.level = 'order'
    union all
    select
        rules.level,
        order_lines.order_line_id as entity_key,
        order_lines.order_id,
        rules.variable,
        case rules.variable
            when 'line_amount' then order_lines.line_amount::double
            when 'discount_amount' then order_lines.discount_amount::double
            when 'quantity' then order_lines.quantity::double
            when 'unit_amount'
                then order_lines.line_amount::double / order_lines.quantity
        end as measure
    from order_lines
    inner join orders_so_far
        on order_lines.order_id = orders_so_far.order_id
    inner join rules
        on rules.level = 'order_line'
)

select * from int_outlier_measures
