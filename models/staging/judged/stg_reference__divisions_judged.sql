with
divisions as (
    select * from {{ source('reference', 'divisions') }}
    where {{ in_new_load('reference', 'divisions') }}
),

normalised as (
    select
        upper(nullif(trim(country_code), '')) as country_code,
        nullif(lower(trim(division_kind)), '') as division_kind,
        upper(nullif(trim(division_code), '')) as division_code,
        {{ normalised_text('division_name') }} as division_name,
        upper(nullif(trim(region_code), '')) as region_code,
        {{ content_hash('reference', 'divisions') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from divisions
),

judged as (
    select
        *,
        {{ first_broken_rule('reference', 'divisions', [
            not_one_of('unknown_area_kind', 'division_kind', ['department', 'region']),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['country_code', 'division_kind', 'division_code']) }}
),

stg_reference__divisions_judged as (
    select
        *,
        {{ row_verdict(['country_code', 'division_kind', 'division_code']) }}
            as row_verdict
    from versions
)

select * from stg_reference__divisions_judged
