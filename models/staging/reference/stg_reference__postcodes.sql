with
postcodes as (
    select * from {{ ref('stg_reference__postcodes_judged') }}
    where row_verdict = 'kept'
),

stg_reference__postcodes as (
    select
        country_code,
        postcode,
        commune_code,
        commune_name,
        post_town
    from postcodes
)

select * from stg_reference__postcodes
