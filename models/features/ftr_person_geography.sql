with
persons as (
    select * from {{ ref('int_persons') }}
),

home_market as (
    select * from {{ ref('int_home_market') }}
),

areas as (
    select * from {{ ref('int_person_areas') }}
),

homes as (
    select * from {{ ref('int_home_places') }}
),

postcode_stores as (
    select * from {{ ref('int_postcode_stores') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

located as (
    select
        persons.person_key,
        persons.country_code,
        areas.area_department,
        areas.area_urbanity,
        areas.area_population_count,
        areas.area_inhabitants_per_square_kilometre,
        areas.area_household_size,
        areas.area_unemployment_share,
        coalesce(areas.area_region, persons.region) as region
    from persons
    left join areas
        on persons.person_key = areas.person_key
),

ftr_person_geography as (
    select
        located.person_key,
        clock.as_of_date,
        located.country_code,
        located.region,
        case
            when located.country_code != home_market.country_code then 'abroad'
            when located.country_code is null and located.region is null then 'unknown'
            when located.region = home_market.region then 'main_region'
            when located.region is not null then 'other_region'
            else 'home_country'
        end as residence,
        located.area_department,
        located.area_urbanity as urbanity,
        -- In order of density, for who compares numbers.
        case located.area_urbanity
            when 'rural' then 1
            when 'town' then 2
            when 'city' then 3
        end as urbanity_number,
        located.area_population_count,
        located.area_inhabitants_per_square_kilometre,
        located.area_household_size,
        located.area_unemployment_share,
        postcode_stores.nearest_store_id,
        postcode_stores.store_distance_metres
    from located
    cross join clock
    cross join home_market
    left join homes
        on located.person_key = homes.person_key
    left join postcode_stores
        on
            homes.country_code = postcode_stores.country_code
            and homes.postcode = postcode_stores.postcode
)

select * from ftr_person_geography
