with
golden as (
    select * from {{ ref('int_golden_attributes') }}
    where attribute in ('postcode', 'city', 'postcode_country_code')
),

int_home_places as (
    select
        person_key,
        {{ postal_country(
            "coalesce("
            ~ "max(attribute_value) filter (where attribute = 'postcode_country_code'), "
            ~ "'" ~ var('default_country_code') ~ "')"
        ) }} as country_code,
        max(attribute_value) filter (where attribute = 'postcode') as postcode,
        max(attribute_value) filter (where attribute = 'city') as city
    from golden
    group by person_key
)

select * from int_home_places
