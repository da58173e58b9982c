with
communes as (
    select * from {{ ref('stg_reference__communes') }}
),

figures as (
    select * from {{ ref('stg_reference__commune_figures') }}
),

-- A commune that was merged since stands in one of the two only, and people go on
-- writing its postcode. The official count goes before the census'.
communes_with_figures as (
    select
        coalesce(communes.country_code, figures.country_code) as country_code,
        coalesce(communes.commune_code, figures.commune_code) as commune_code,
        communes.department_code,
        communes.region_code,
        coalesce(communes.population_count, figures.population_count)
            as population_count,
        figures.population_count as census_population_count,
        figures.household_count,
        figures.labour_force_count,
        figures.unemployed_count,
        figures.surface_square_kilometres,
        coalesce(figures.population_count, communes.population_count)
        / figures.surface_square_kilometres as density
    from communes
    full outer join figures
        on
            communes.country_code = figures.country_code
            and communes.commune_code = figures.commune_code
),

-- The densities by which Eurostat tells cells of a square kilometre; without a surface
-- the sizes at which it calls a cluster of them a city or a town.
int_areas as (
    select
        country_code,
        commune_code,
        department_code,
        region_code,
        population_count,
        census_population_count,
        household_count,
        labour_force_count,
        unemployed_count,
        surface_square_kilometres,
        case
            when density >= 1500 then 'city'
            when density >= 300 then 'town'
            when density is not null then 'rural'
            when population_count >= 50000 then 'city'
            when population_count >= 5000 then 'town'
            when population_count is not null then 'rural'
        end as urbanity
    from communes_with_figures
)

select * from int_areas
