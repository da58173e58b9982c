with
orders as (
    select * from {{ ref('int_orders_treated') }}
    where customer_id is not null and event_type = 'purchase'
),

order_lines as (
    select * from {{ ref('int_order_lines_treated') }}
    where line_kind = 'product' and quantity > 0
),

products as (
    select * from {{ ref('stg_shop__products') }}
),

int_department_activity_daily as (
    select
        'shop' as source_name,
        orders.customer_id as profile_id,
        orders.ordered_on as activity_on,
        coalesce(products.department, 'unknown') as department,
        count(*) as line_count,
        sum(order_lines.line_amount) as sale_amount
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    left join products
        on order_lines.product_id = products.product_id
    group by
        orders.customer_id,
        orders.ordered_on,
        coalesce(products.department, 'unknown')
)

select * from int_department_activity_daily
