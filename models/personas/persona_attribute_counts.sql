{%- set attributes = [
    'preferred_channel', 'day_part', 'favourite_weekday', 'favourite_hour',
    'favourite_device', 'top_department', 'top_brand', 'top_topic', 'lifecycle_stage',
    'age_band', 'sex', 'household_type', 'income_band', 'region', 'country_code',
    'urbanity',
] -%}

with
people as (
    select
        segment_combination,
        {{ attributes | join(', ') }}
    from {{ ref('persona_people') }}
),

told as (
    select * from people
    unpivot (attribute_value for attribute in ({{ attributes | join(', ') }}))
),

persona_attribute_counts as (
    select
        segment_combination,
        attribute,
        attribute_value,
        count(*) as person_count
    from told
    group by segment_combination, attribute, attribute_value
)

select * from persona_attribute_counts
