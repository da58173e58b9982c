with
orders as (
    select * from {{ ref('int_orders') }}
    where customer_id is not null
),

targetings as (
    select * from {{ ref('stg_campaigns__targetings') }}
),

redemptions as (
    select * from {{ ref('stg_campaigns__redemptions') }}
),

contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

-- Campaigns address customers by the shop's number, so they bring shop profiles too.
shop_customers as (
    select
        customer_id,
        ordered_on as seen_on
    from orders
    union all
    select
        customer_id,
        redeemed_on as seen_on
    from redemptions
    union all
    select
        customer_id,
        null as seen_on
    from targetings
),

int_profiles as (
    select
        'shop' as source_name,
        customer_id as profile_id,
        customer_id,
        min(seen_on) as first_seen_on
    from shop_customers
    group by customer_id
    union all
    select
        'crm' as source_name,
        contact_id as profile_id,
        customer_id,
        created_at::date as first_seen_on
    from contacts
)

select * from int_profiles
