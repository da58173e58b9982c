with
postcodes as (
    select * from {{ ref('stg_reference__postcodes') }}
),

figures as (
    select * from {{ ref('stg_reference__commune_figures') }}
    where latitude is not null and longitude is not null
),

stores as (
    select * from {{ ref('stg_shop__stores') }}
),

-- A postcode lies amid its communes; a large one draws it nearer than a hamlet.
places as (
    select
        postcodes.country_code,
        postcodes.postcode,
        sum(figures.latitude * greatest(coalesce(figures.population_count, 0), 1))
        / sum(greatest(coalesce(figures.population_count, 0), 1)) as latitude,
        sum(figures.longitude * greatest(coalesce(figures.population_count, 0), 1))
        / sum(greatest(coalesce(figures.population_count, 0), 1)) as longitude
    from postcodes
    inner join figures
        on
            postcodes.country_code = figures.country_code
            and postcodes.commune_code = figures.commune_code
    group by postcodes.country_code, postcodes.postcode
),

-- A store that tells no coordinates stands amid its postcode.
store_places as (
    select
        stores.store_id,
        coalesce(stores.latitude, places.latitude) as latitude,
        coalesce(stores.longitude, places.longitude) as longitude
    from stores
    left join places
        on
            stores.postcode = places.postcode
            and places.country_code = '{{ var('default_country_code') }}'
),

distances as (
    select
        places.country_code,
        places.postcode,
        store_places.store_id,
        -- To the metre: what lies behind it differs with the order of a sum.
        round({{ distance_metres(
            'places.latitude', 'places.longitude',
            'store_places.latitude', 'store_places.longitude',
        ) }}) as store_distance_metres
    from places
    cross join store_places
),

int_postcode_stores as (
    select
        country_code,
        postcode,
        store_id as nearest_store_id,
        store_distance_metres
    from distances
    where store_distance_metres is not null
    qualify row_number() over (
        partition by country_code, postcode
        order by store_distance_metres asc, store_id asc
    ) = 1
)

select * from int_postcode_stores
