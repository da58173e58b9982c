with
orders as (
    select * from {{ ref('stg_shop__orders_judged') }}
    where row_verdict = 'kept'
),

country_spellings as (
    select * from {{ ref('stg_shop__country_spellings') }}
),

stg_shop__orders as (
    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_at,
        orders.order_status,
        orders.channel,
        orders.store_id,
        country_spellings.country_code,
        orders.currency_code,
        orders.rate_to_reporting,
        orders.delivered_at,
        orders.customer_email,
        orders.loyalty_card_id
    from orders
    left join country_spellings
        on orders.country_spelling = country_spellings.country_spelling
)

select * from stg_shop__orders
