{{ config(materialized='view') }}

with
orders as (
    select * from {{ ref('stg_shop__orders') }}
    where customer_id in (
        select touched.profile_id from {{ ref('int_touched_profiles') }} as touched
        where touched.source_name = 'shop'
    )
),

stores as (
    select * from {{ ref('stg_shop__stores') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

told as (
    select
        orders.customer_id as profile_id,
        orders.country_code,
        stores.region,
        orders.customer_email as email,
        count(*) as order_count,
        max(orders.ordered_at) as said_at
    from orders
    cross join clock
    left join stores
        on orders.store_id = stores.store_id
    where orders.ordered_at::date <= clock.as_of_date
    group by
        orders.customer_id, orders.country_code, stores.region, orders.customer_email
),

by_value as (
    select
        profile_id,
        attribute,
        attribute_value,
        sum(order_count) as order_count,
        max(said_at) as said_at
    from told unpivot (
        attribute_value for attribute in (country_code, region, email)
    )
    group by profile_id, attribute, attribute_value
),

-- The place seen most, the address given last.
int_shop_statements as (
    select
        profile_id,
        attribute,
        attribute_value,
        said_at
    from by_value
    qualify row_number() over (
        partition by profile_id, attribute
        order by
            case when attribute != 'email' then order_count end desc,
            said_at desc,
            attribute_value asc
    ) = 1
)

select * from int_shop_statements
