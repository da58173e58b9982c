with
orders as (
    select * from {{ ref('stg_shop__orders_judged') }}
    where row_verdict = 'kept'
),

stg_shop__orders as (
    select
        order_id,
        customer_id,
        ordered_at,
        order_status,
        channel,
        store_id,
        country_code
    from orders
)

select * from stg_shop__orders
