{{ config(materialized='view') }}

with
choices as (
    select * from {{ ref('int_attribute_choices') }}
),

said as (
    select * from {{ ref('int_attribute_values') }}
),

int_attribute_winners as (
    select
        choices.person_key,
        choices.attribute,
        said.attribute_value,
        choices.source_name,
        choices.profile_id,
        choices.said_at,
        choices.rule,
        choices.source_count,
        choices.value_count
    from choices
    inner join said
        on
            choices.source_name = said.source_name
            and choices.profile_id = said.profile_id
            and choices.attribute = said.attribute
)

select * from int_attribute_winners
