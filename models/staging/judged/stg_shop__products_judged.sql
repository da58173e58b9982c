with
products as (
    select * from {{ source('shop', 'products') }}
    where {{ in_new_load('shop', 'products') }}
),

normalised as (
    select
        nullif(trim(product_id), '') as product_id,
        {{ normalised_text('product_name') }} as product_name,
        {{ normalised_text('department') }} as department,
        {{ normalised_text('category') }} as category,
        {{ normalised_text('brand') }} as brand,
        {{ content_hash('shop', 'products') }} as content_hash,
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

versions as (
    select * from judged
    {{ known_versions('judged', ['product_id']) }}
),

stg_shop__products_judged as (
    select
        *,
        {{ row_verdict(['product_id']) }} as row_verdict
    from versions
)

select * from stg_shop__products_judged
