{{ config(materialized='view') }}

with
said as (
    select * from {{ ref('int_attribute_values') }}
),

choices as (
    select * from {{ ref('int_attribute_choices') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
),

int_attribute_winners as (
    select
        said.person_key,
        said.attribute,
        said.attribute_value,
        said.source_name,
        said.profile_id,
        said.said_at,
        rules.rule,
        rules.is_identifier,
        coalesce(choices.source_count, 1) as source_count,
        coalesce(choices.is_disputed, false) as is_disputed
    from said
    inner join rules
        on said.attribute = rules.attribute
    left join choices
        on
            said.person_key = choices.person_key
            and said.attribute = choices.attribute
    where choices.person_key is null or choices.profile_key = said.profile_key
)

select * from int_attribute_winners
