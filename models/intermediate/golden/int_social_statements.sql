{{ config(materialized='view') }}

with
profiles as (
    select * from {{ ref('stg_social__profiles') }}
    where platform || ':' || profile_id in (
        select touched.profile_id from {{ ref('int_touched_profiles') }} as touched
        where touched.source_name = 'social'
    )
),

countries as (
    select * from {{ ref('countries') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

seen as (
    select
        profiles.platform || ':' || profiles.profile_id as profile_id,
        profiles.email,
        profiles.region,
        countries.country_code,
        profiles.first_seen_at as said_at
    from profiles
    cross join clock
    left join countries
        on {{ folded_text('profiles.country_code') }} = countries.spelling
    where profiles.first_seen_at::date <= clock.as_of_date
),

int_social_statements as (
    select
        profile_id,
        attribute,
        attribute_value,
        said_at
    from seen unpivot (
        attribute_value for attribute in (email, region, country_code)
    )
)

select * from int_social_statements
