with
order_lines as (
    select * from {{ source('shop', 'order_lines') }}
),

orders as (
    select * from {{ ref('stg_shop__orders') }}
),

normalised as (
    select
        nullif(trim(order_line_id), '') as order_line_id,
        nullif(trim(order_id), '') as order_id,
        nullif(trim(product_id), '') as product_id,
        coalesce(lower(trim(line_kind)), 'product') as line_kind,
        quantity,
        line_amount,
        discount_amount,
        loaded_on,
        load_id,
        source_file,
        source_row
    from order_lines
),

-- A line whose order is refused has no day and no customer: it waits with its order.
lines_with_orders as (
    select
        normalised.*,
        orders.order_status
    from normalised
    left join orders
        on normalised.order_id = orders.order_id
),

judged as (
    select
        *,
        {{ first_broken_rule('shop', 'order_lines', [
            ('order_not_known', 'order_id', 'order_status is null'),
            (
                'unknown_line_kind', 'line_kind',
                "line_kind not in ('product', 'gift', 'fee', 'adjustment')",
            ),
            (
                'negative_quantity_in_a_sale', 'quantity',
                "quantity < 0 and order_status = 'completed'",
            ),
            (
                'negative_amount_in_a_sale', 'line_amount',
                "line_amount < 0 and order_status = 'completed'",
            ),
            ('negative_discount', 'discount_amount', 'discount_amount < 0'),
        ]) }} as broken_rule
    from lines_with_orders
),

stg_shop__order_lines_judged as (
    select
        * exclude (order_status),
        {{ row_verdict(['order_line_id']) }} as row_verdict
    from judged
)

select * from stg_shop__order_lines_judged
