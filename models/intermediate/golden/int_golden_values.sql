{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='person_key',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('person_key', 'int_golden_touches') }}",
) }}

with
said as {{ inlined() }} (
    select * from {{ ref('int_attribute_values') }}
),

choices as {{ inlined() }} (
    select * from {{ ref('int_attribute_choices') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
),

touches as (
    select * from {{ ref('int_golden_touches') }}
),

told as {{ inlined() }} (
    select
        said.*,
        rules.rule,
        rules.is_identifier,
        choices.source_count,
        choices.is_disputed,
        choices.person_key is not null as is_contested,
        coalesce(choices.profile_key = said.profile_key, false) as is_chosen
    from said
    inner join rules
        on said.attribute = rules.attribute
    left join choices
        on
            said.person_key = choices.person_key
            and said.attribute = choices.attribute
),

-- What one profile alone says needs no looking for its like. Of what is contested that
-- stays which won, and every way to reach a person.
by_value as (
    select
        person_key,
        attribute,
        attribute_value,
        is_identifier,
        true as is_preferred,
        rule,
        source_name,
        profile_id,
        said_at,
        1 as source_count,
        false as is_disputed
    from told
    where not is_contested
    union all
    select
        person_key,
        attribute,
        attribute_value,
        is_identifier,
        bool_or(is_chosen) as is_preferred,
        max(rule) filter (where is_chosen) as rule,
        max(source_name) filter (where is_chosen) as source_name,
        max(profile_id) filter (where is_chosen) as profile_id,
        max(said_at) as said_at,
        coalesce(
            max(source_count) filter (where is_chosen), count(distinct source_name)
        ) as source_count,
        coalesce(bool_or(is_disputed) filter (where is_chosen), true) as is_disputed
    from told
    where is_contested and (is_identifier or is_chosen)
    group by person_key, attribute, attribute_value, is_identifier
),

int_golden_values as (
    select
        by_value.*,
        case by_value.attribute
            when 'email' then {{ sha256_hex('by_value.attribute_value') }}
            when 'email_sha256' then by_value.attribute_value
        end as email_sha256,
        touches.said_key
    from by_value
    inner join touches
        on by_value.person_key = touches.person_key
)

select * from int_golden_values
