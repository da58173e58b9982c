with
homes as (
    select * from {{ ref('int_home_places') }}
),

postcodes as (
    select * from {{ ref('stg_reference__postcodes') }}
),

areas as (
    select * from {{ ref('int_areas') }}
),

-- Few places, however many persons live there: each is looked up once.
places as (
    select distinct
        country_code,
        postcode,
        city,
        {{ town_key('city') }} as town_key
    from homes
),

candidates as (
    select
        places.country_code,
        places.postcode,
        places.city,
        postcodes.commune_code,
        coalesce(
            {{ town_key('postcodes.commune_name') }} = places.town_key
            or {{ town_key('postcodes.post_town') }} = places.town_key,
            false
        ) as is_named
    from places
    inner join postcodes
        on
            places.country_code = postcodes.country_code
            and places.postcode = postcodes.postcode
),

-- The communes that bear the town's name, failing such all that the postcode covers.
chosen as (
    select *
    from candidates
    qualify
        is_named = bool_or(is_named) over (partition by country_code, postcode, city)
),

weighted as (
    select
        chosen.*,
        areas.department_code,
        areas.region_code,
        areas.urbanity,
        areas.population_count,
        areas.census_population_count,
        areas.household_count,
        areas.labour_force_count,
        areas.unemployed_count,
        areas.surface_square_kilometres,
        greatest(coalesce(areas.population_count, 0), 1) as weight
    from chosen
    left join areas
        on
            chosen.country_code = areas.country_code
            and chosen.commune_code = areas.commune_code
),

int_postcode_areas as (
    select
        country_code,
        postcode,
        city,
        count(*) as commune_count,
        bool_or(is_named) as is_named,
        case when count(*) = 1 then min(commune_code) end as commune_code,
        {{ first_known('department_code', 'row(-weight, commune_code)') }}
            as department_code,
        {{ first_known('region_code', 'row(-weight, commune_code)') }} as region_code,
        {{ first_known('urbanity', 'row(-weight, commune_code)') }} as urbanity,
        round(
            sum(population_count * weight)
            / sum(weight) filter (where population_count is not null)
        )::bigint as population_count,
        sum(census_population_count) filter (where household_count > 0)
        / sum(household_count) filter (where census_population_count is not null)
            as household_size,
        sum(unemployed_count) filter (where labour_force_count > 0)
        / sum(labour_force_count) filter (where unemployed_count is not null)
            as unemployment_share,
        sum(census_population_count) filter (where surface_square_kilometres > 0)
        / sum(surface_square_kilometres) filter (
            where census_population_count is not null
        ) as inhabitants_per_square_kilometre
    from weighted
    group by country_code, postcode, city
)

select * from int_postcode_areas
