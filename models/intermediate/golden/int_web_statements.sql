{{ config(materialized='view') }}

with
places as (
    select * from {{ ref('int_web_places_daily') }}
    where visitor_id in (
        select touched.profile_id from {{ ref('int_touched_profiles') }} as touched
        where touched.source_name = 'web'
    )
),

countries as (
    select * from {{ ref('countries') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

told as (
    select
        places.visitor_id as profile_id,
        places.country,
        places.region,
        sum(places.event_count) as event_count,
        max(places.seen_on) as seen_on
    from places
    cross join clock
    where places.seen_on <= clock.as_of_date
    group by places.visitor_id, places.country, places.region
),

-- Few spellings, however many visitors: each is read once.
spellings as (
    select
        told_countries.country,
        countries.country_code
    from (select distinct told.country from told) as told_countries
    inner join countries
        on {{ folded_text('told_countries.country') }} = countries.spelling
),

normalised as (
    select
        told.profile_id,
        spellings.country_code,
        {{ normalised_text('told.region') }} as region,
        told.event_count,
        told.seen_on
    from told
    left join spellings
        on told.country = spellings.country
),

by_value as (
    select
        profile_id,
        attribute,
        attribute_value,
        sum(event_count) as event_count,
        max(seen_on) as seen_on
    from normalised unpivot (attribute_value for attribute in (country_code, region))
    group by profile_id, attribute, attribute_value
),

int_web_statements as (
    select
        profile_id,
        attribute,
        attribute_value,
        seen_on::timestamp as said_at
    from by_value
    qualify row_number() over (
        partition by profile_id, attribute
        order by event_count desc, seen_on desc, attribute_value asc
    ) = 1
)

select * from int_web_statements
