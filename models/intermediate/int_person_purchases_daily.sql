{{ config(materialized='view') }}

with
activity as (
    select * from {{ ref('int_product_activity_daily') }}
),

products as (
    select * from {{ ref('stg_shop__products') }}
),

customers as (
    select * from {{ ref('int_person_profiles') }}
    where source_name = 'shop'
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- A product may move to another department or brand any night, whenever it was sold.
int_person_purchases_daily as (
    select
        customers.person_key,
        clock.as_of_date,
        activity.profile_id,
        activity.activity_on,
        activity.product_id,
        coalesce(products.department, 'unknown') as department,
        products.brand,
        activity.line_count,
        activity.unit_count,
        activity.sale_amount,
        activity.costed_sale_amount,
        activity.cost_amount
    from activity
    inner join customers
        on {{ same_profile('activity', 'customers') }}
    cross join clock
    left join products
        on activity.product_id = products.product_id
    where activity.activity_on <= clock.as_of_date
)

select * from int_person_purchases_daily
