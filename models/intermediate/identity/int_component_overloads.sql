{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('component_key', 'int_identity_affected', 'profile_key') }}",
) }}

with
all_components as {{ inlined() }} (
    select * from {{ ref('int_identity_components') }}
),

affected as (
    select * from {{ ref('int_identity_affected') }}
),

components as {{ inlined() if not is_incremental() }} (
    select all_components.*
    from all_components
    {% if is_incremental() -%}
        semi join affected
            on all_components.profile_key = affected.profile_key
    {%- endif %}
),

identifiers as (
    select * from {{ ref('int_identifier_carriers') }}
    where not is_spelling
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

spaces as (
    select
        identifier_space,
        min(maximum_per_person) as maximum_per_person,
        sum(maximum_per_profile) as maximum_per_profile
    from rules
    group by identifier_space
),

sizes as (
    select
        component_key,
        count(*) as profile_count
    from components
    group by component_key
),

-- A profile holds no more than its own limit, so only of a large component need values
-- be counted, and different ones only where all together are too many.
many_values as (
    select
        components.component_key,
        spaces.identifier_space,
        any_value(spaces.maximum_per_person) as maximum_per_person
    from components
    inner join sizes
        on components.component_key = sizes.component_key
    inner join identifiers
        on components.profile_key = identifiers.profile_key
    inner join rules
        on identifiers.identifier_type = rules.identifier_type
    inner join spaces
        on
            rules.identifier_space = spaces.identifier_space
            and sizes.profile_count * spaces.maximum_per_profile
            > spaces.maximum_per_person
    group by components.component_key, spaces.identifier_space
    having count(*) > any_value(spaces.maximum_per_person)
),

int_component_overloads as (
    select
        many_values.component_key,
        many_values.identifier_space,
        count(distinct identifiers.identifier_key) as value_count,
        many_values.maximum_per_person as maximum_count
    from many_values
    inner join components
        on many_values.component_key = components.component_key
    inner join identifiers
        on components.profile_key = identifiers.profile_key
    inner join rules
        on
            identifiers.identifier_type = rules.identifier_type
            and many_values.identifier_space = rules.identifier_space
    group by
        many_values.component_key, many_values.identifier_space,
        many_values.maximum_per_person
    having count(distinct identifiers.identifier_key) > many_values.maximum_per_person
)

select * from int_component_overloads
