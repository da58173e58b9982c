with
products as (
    select * from {{ source('shop', 'products') }}
),

normalised as (
    select
        nullif(trim(product_id), '') as product_id,
        nullif(trim(product_name), '') as product_name,
        nullif(trim(department), '') as department,
        nullif(trim(category), '') as category,
        nullif(trim(brand), '') as brand,
        loaded_on,
        load_id,
        source_file,
        source_row
    from products
),

judged as (
    select
        *,
        {{ first_broken_rule('shop', 'products') }} as broken_rule
    from normalised
),

stg_shop__products_judged as (
    select
        *,
        {{ row_verdict(['product_id']) }} as row_verdict
    from judged
)

select * from stg_shop__products_judged
