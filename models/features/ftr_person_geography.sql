with
persons as (
    select * from {{ ref('int_persons') }}
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

ftr_person_geography as (
    select
        persons.person_key,
        clock.as_of_date,
        persons.country_code,
        coalesce(areas.area_region, persons.region) as region,
        areas.area_department,
        areas.area_urbanity as urbanity,
        -- In order of density, for who compares numbers.
        case areas.area_urbanity
            when 'rural' then 1
            when 'town' then 2
            when 'city' then 3
        end as urbanity_number,
        areas.area_population_count,
        areas.area_inhabitants_per_square_kilometre,
        areas.area_household_size,
        areas.area_unemployment_share,
        postcode_stores.nearest_store_id,
        postcode_stores.store_distance_metres
    from persons
    cross join clock
    left join areas
        on persons.person_key = areas.person_key
    left join homes
        on persons.person_key = homes.person_key
    left join postcode_stores
        on
            homes.country_code = postcode_stores.country_code
            and homes.postcode = postcode_stores.postcode
)

select * from ftr_person_geography
