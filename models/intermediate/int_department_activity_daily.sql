{{ config(materialized='view') }}

with
product_activity as (
    select * from {{ ref('int_product_activity_daily') }}
),

products as (
    select * from {{ ref('stg_shop__products') }}
),

-- A view, for a product may move to another department any night, whenever it was sold.
int_department_activity_daily as (
    select
        product_activity.source_name,
        product_activity.profile_id,
        product_activity.activity_on,
        coalesce(products.department, 'unknown') as department,
        sum(product_activity.line_count)::bigint as line_count,
        sum(product_activity.unit_count) as unit_count,
        sum(product_activity.sale_amount) as sale_amount,
        sum(product_activity.costed_sale_amount) as costed_sale_amount,
        sum(product_activity.cost_amount) as cost_amount
    from product_activity
    left join products
        on product_activity.product_id = products.product_id
    group by
        product_activity.source_name,
        product_activity.profile_id,
        product_activity.activity_on,
        coalesce(products.department, 'unknown')
)

select * from int_department_activity_daily
