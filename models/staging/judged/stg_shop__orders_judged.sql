with
orders as (
    select * from {{ source('shop', 'orders') }}
),

normalised as (
    select
        nullif(trim(order_id), '') as order_id,
        nullif(trim(customer_id), '') as customer_id,
        ordered_at,
        nullif(lower(trim(order_status)), '') as order_status,
        nullif(lower(trim(channel)), '') as channel,
        nullif(trim(store_id), '') as store_id,
        nullif(trim(country_code), '') as country_code,
        loaded_on,
        load_id,
        source_file,
        source_row
    from orders
),

judged as (
    select
        *,
        {{ first_broken_rule('shop', 'orders', [
            (
                'unknown_status', 'order_status',
                "order_status not in ('completed', 'cancelled', 'returned')",
            ),
            ('unknown_channel', 'channel', "channel not in ('web', 'store')"),
            (
                'later_than_its_load', 'ordered_at',
                'ordered_at >= loaded_on + interval 2 day',
            ),
        ]) }} as broken_rule
    from normalised
),

stg_shop__orders_judged as (
    select
        *,
        {{ row_verdict(['order_id']) }} as row_verdict
    from judged
)

select * from stg_shop__orders_judged
