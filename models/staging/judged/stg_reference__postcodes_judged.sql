with
postcodes as (
    select * from {{ source('reference', 'postcodes') }}
    where {{ in_new_load('reference', 'postcodes') }}
),

-- The macro asks for the country, which has to be clean first.
by_country as (
    select
        *,
        upper(nullif(trim(country_code), '')) as clean_country_code
    from postcodes
),

normalised as (
    select
        clean_country_code as country_code,
        {{ postcode('postcode', 'clean_country_code') }} as postcode,
        upper(nullif(trim(commune_code), '')) as commune_code,
        {{ normalised_text('commune_name') }} as commune_name,
        {{ normalised_text('post_town') }} as post_town,
        {{ content_hash('reference', 'postcodes') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from by_country
),

judged as (
    select
        *,
        {{ first_broken_rule('reference', 'postcodes') }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['country_code', 'postcode', 'commune_code']) }}
),

stg_reference__postcodes_judged as (
    select
        *,
        {{ row_verdict(['country_code', 'postcode', 'commune_code']) }} as row_verdict
    from versions
)

select * from stg_reference__postcodes_judged
