with
products as (
    select * from {{ ref('stg_shop__products_judged') }}
    where row_verdict = 'kept'
),

stg_shop__products as (
    select
        product_id,
        product_name,
        department,
        category,
        brand
    from products
)

select * from stg_shop__products
