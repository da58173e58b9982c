with
stores as (
    select * from {{ ref('stg_shop__stores_judged') }}
    where row_verdict = 'kept'
),

stg_shop__stores as (
    select
        store_id,
        store_name,
        city,
        postcode,
        region,
        country_code,
        latitude,
        longitude
    from stores
)

select * from stg_shop__stores
