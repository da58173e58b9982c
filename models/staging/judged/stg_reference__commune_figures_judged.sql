with
figures as (
    select * from {{ source('reference', 'commune_figures') }}
    where {{ in_new_load('reference', 'commune_figures') }}
),

normalised as (
    select
        upper(nullif(trim(country_code), '')) as country_code,
        upper(nullif(trim(commune_code), '')) as commune_code,
        census_year,
        population_count,
        household_count,
        labour_force_count,
        unemployed_count,
        surface_square_kilometres,
        latitude,
        longitude,
        {{ content_hash('reference', 'commune_figures') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from figures
),

judged as (
    select
        *,
        {{ first_broken_rule('reference', 'commune_figures', [
            ('negative_count', 'population_count', 'population_count < 0'),
            ('negative_count', 'household_count', 'household_count < 0'),
            ('negative_count', 'labour_force_count', 'labour_force_count < 0'),
            ('negative_count', 'unemployed_count', 'unemployed_count < 0'),
            (
                'part_above_whole', 'unemployed_count',
                'unemployed_count > labour_force_count',
            ),
            (
                'impossible_place', 'surface_square_kilometres',
                'surface_square_kilometres <= 0',
            ),
            ('impossible_place', 'latitude', 'latitude not between -90 and 90'),
            ('impossible_place', 'longitude', 'longitude not between -180 and 180'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['country_code', 'commune_code']) }}
),

stg_reference__commune_figures_judged as (
    select
        *,
        {{ row_verdict(['country_code', 'commune_code']) }} as row_verdict
    from versions
)

select * from stg_reference__commune_figures_judged
