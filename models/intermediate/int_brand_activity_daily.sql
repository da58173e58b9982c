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
    where brand is not null
),

int_brand_activity_daily as (
    select
        'shop' as source_name,
        orders.customer_id as profile_id,
        orders.ordered_on as activity_on,
        products.brand,
        count(*) as line_count
    from order_lines
    inner join orders
        on order_lines.order_id = orders.order_id
    inner join products
        on order_lines.product_id = products.product_id
    group by orders.customer_id, orders.ordered_on, products.brand
)

select * from int_brand_activity_daily
