with
figures as (
    select * from {{ ref('stg_reference__commune_figures_judged') }}
    where row_verdict = 'kept'
),

stg_reference__commune_figures as (
    select
        country_code,
        commune_code,
        census_year,
        population_count,
        household_count,
        labour_force_count,
        unemployed_count,
        surface_square_kilometres,
        latitude,
        longitude
    from figures
)

select * from stg_reference__commune_figures
