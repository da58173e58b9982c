{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('identifier_key', 'int_identifier_touches') }}",
) }}

with
identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

touches as (
    select * from {{ ref('int_identifier_touches') }}
),

by_type as (
    select
        identifiers.identifier_key,
        identifiers.identifier_type,
        count(*) as profile_count,
        min(identifiers.profile_key) as example_profile_key,
        min(identifiers.block_reason) as block_reason
    from identifiers
    {% if is_incremental() -%}
        semi join touches
            on identifiers.identifier_key = touches.identifier_key
    {%- endif %}
    group by identifiers.identifier_key, identifiers.identifier_type
),

int_identifier_values as (
    select
        by_type.identifier_key,
        rules.identifier_space,
        sum(by_type.profile_count)::bigint as profile_count,
        min(by_type.example_profile_key) as example_profile_key,
        case
            when count(by_type.block_reason) > 0 then 'blocked'
            when bool_or(by_type.profile_count > rules.maximum_profiles)
                then 'shared_too_widely'
            else 'links'
        end as verdict,
        min(by_type.block_reason) as block_reason
    from by_type
    inner join rules
        on by_type.identifier_type = rules.identifier_type
    group by by_type.identifier_key, rules.identifier_space
    -- A value that one profile has joins nobody and raises no question.
    having sum(by_type.profile_count) > 1 or count(by_type.block_reason) > 0
)

select * from int_identifier_values
