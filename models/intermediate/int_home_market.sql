{% set home_country = var('home_country_code') -%}

with
persons as (
    select * from {{ ref('int_persons') }}
),

-- Whom only a cookie is known of does not count.
known_persons as (
    select * from {{ ref('int_person_sources') }}
    where is_known
),

areas as (
    select * from {{ ref('int_person_areas') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

places as (
    select
        persons.country_code,
        coalesce(areas.area_region, persons.region) as region,
        count(*) as person_count
    from persons
    inner join known_persons
        on persons.person_key = known_persons.person_key
    left join areas
        on persons.person_key = areas.person_key
    group by persons.country_code, coalesce(areas.area_region, persons.region)
),

countries as (
    select
        country_code,
        sum(person_count) as person_count
    from places
    where country_code is not null
    group by country_code
),

home as (
    select
        coalesce(
            {{ "'" ~ home_country ~ "'" if home_country else 'null' }},
            {{ most_of('country_code', 'person_count') }}
        ) as country_code
    from countries
),

-- Who tells a region and no country is at home.
regions as (
    select
        places.region,
        sum(places.person_count) as person_count
    from places
    cross join home
    where
        places.region is not null
        and (
            places.country_code is null or places.country_code = home.country_code
        )
    group by places.region
),

main_region as (
    select {{ most_of('region', 'person_count') }} as region
    from regions
),

int_home_market as (
    select
        clock.as_of_date,
        home.country_code,
        main_region.region
    from clock
    cross join home
    cross join main_region
)

select * from int_home_market
