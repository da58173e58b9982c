with
communes as (
    select * from {{ source('reference', 'communes') }}
    where {{ in_new_load('reference', 'communes') }}
),

normalised as (
    select
        upper(nullif(trim(country_code), '')) as country_code,
        upper(nullif(trim(commune_code), '')) as commune_code,
        {{ normalised_text('commune_name') }} as commune_name,
        nullif(lower(trim(commune_kind)), '') as commune_kind,
        upper(nullif(trim(department_code), '')) as department_code,
        upper(nullif(trim(region_code), '')) as region_code,
        population_count,
        {{ content_hash('reference', 'communes') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from communes
),

judged as (
    select
        *,
        {{ first_broken_rule('reference', 'communes', [
            not_one_of('unknown_area_kind', 'commune_kind', ['commune', 'district']),
            ('negative_count', 'population_count', 'population_count < 0'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['country_code', 'commune_code']) }}
),

stg_reference__communes_judged as (
    select
        *,
        {{ row_verdict(['country_code', 'commune_code']) }} as row_verdict
    from versions
)

select * from stg_reference__communes_judged
