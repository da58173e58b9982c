with
stores as (
    select * from {{ source('shop', 'stores') }}
    where {{ in_new_load('shop', 'stores') }}
),

countries as (
    select * from {{ ref('countries') }}
),

normalised as (
    select
        nullif(trim(stores.store_id), '') as store_id,
        {{ normalised_text('stores.store_name') }} as store_name,
        {{ normalised_text('stores.city') }} as city,
        {{ postcode('stores.postcode', 'countries.country_code') }} as postcode,
        {{ normalised_text('stores.region') }} as region,
        countries.country_code,
        stores.latitude,
        stores.longitude,
        {{ given_columns(['postcode', 'country_code'], 'stores') }} as given_columns,
        {{ content_hash('shop', 'stores', 'stores') }} as content_hash,
        stores.loaded_on,
        stores.load_id,
        stores.source_file,
        stores.source_row
    from stores
    left join countries
        on {{ folded_text('stores.country_code') }} = countries.spelling
),

judged as (
    select
        *,
        {{ first_broken_rule('shop', 'stores', [
            ('impossible_place', 'latitude', 'latitude not between -90 and 90'),
            ('impossible_place', 'longitude', 'longitude not between -180 and 180'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['store_id']) }}
),

stg_shop__stores_judged as (
    select
        *,
        {{ row_verdict(['store_id']) }} as row_verdict
    from versions
)

select * from stg_shop__stores_judged
