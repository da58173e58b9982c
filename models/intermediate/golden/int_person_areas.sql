with
homes as (
    select * from {{ ref('int_home_places') }}
),

places as (
    select * from {{ ref('int_postcode_areas') }}
),

divisions as (
    select * from {{ ref('stg_reference__divisions') }}
),

-- The postcode alone tells the French department where no dictionary knows it.
located as (
    select
        homes.person_key,
        homes.country_code,
        case
            when places.commune_count = 1 then 'exact'
            when places.commune_count > 1 then 'postcode'
            else 'none'
        end as area_match,
        case when homes.city is not null then places.is_named end as is_town_confirmed,
        places.commune_code,
        coalesce(
            places.department_code,
            case
                when homes.country_code = 'FR'
                    then {{ department_code('homes.postcode') }}
            end
        ) as department_code,
        places.region_code,
        places.urbanity,
        places.population_count,
        places.inhabitants_per_square_kilometre,
        places.household_size,
        places.unemployment_share
    from homes
    left join places
        on
            homes.country_code = places.country_code
            and homes.postcode = places.postcode
            and homes.city is not distinct from places.city
),

int_person_areas as (
    select
        located.person_key,
        located.area_match,
        located.is_town_confirmed,
        located.commune_code as area_commune_code,
        located.department_code as area_department_code,
        departments.division_name as area_department,
        regions.division_name as area_region,
        located.urbanity as area_urbanity,
        located.population_count as area_population_count,
        located.inhabitants_per_square_kilometre
            as area_inhabitants_per_square_kilometre,
        located.household_size as area_household_size,
        located.unemployment_share as area_unemployment_share
    from located
    left join divisions as departments
        on
            located.country_code = departments.country_code
            and departments.division_kind = 'department'
            and located.department_code = departments.division_code
    left join divisions as regions
        on
            located.country_code = regions.country_code
            and regions.division_kind = 'region'
            and coalesce(located.region_code, departments.region_code)
            = regions.division_code
)

select * from int_person_areas
