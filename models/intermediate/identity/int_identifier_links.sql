{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('identifier_key', 'int_identity_neighbour_values') }}",
) }}

with
identifiers as (
    select * from {{ ref('int_identifier_carriers') }}
),

identifier_values as (
    select * from {{ ref('int_identifier_values') }}
    where verdict = 'links'
),

contradictions as (
    select * from {{ ref('int_identifier_contradictions') }}
),

neighbour_values as (
    select * from {{ ref('int_identity_neighbour_values') }}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

contradicted as (
    select
        identifier_key,
        unnest([left_profile_key, right_profile_key]) as profile_key
    from contradictions
),

-- Who contradicts another by a value is joined to nobody by it, until somebody decides.
carriers as (
    select
        identifiers.profile_key,
        identifiers.identifier_type,
        identifiers.identifier_key,
        identifiers.seen_on
    from identifiers
    semi join identifier_values
        on identifiers.identifier_key = identifier_values.identifier_key
    {% if is_incremental() -%}
        semi join neighbour_values
            on identifiers.identifier_key = neighbour_values.identifier_key
    {%- endif %}
    anti join contradicted
        on
            identifiers.identifier_key = contradicted.identifier_key
            and identifiers.profile_key = contradicted.profile_key
),

smallest as (
    select
        identifier_key,
        min(profile_key) as profile_key
    from carriers
    group by identifier_key
    having min(profile_key) < max(profile_key)
),

-- By a join: a grouping would have to keep a pair for its day, which cannot spill.
hubs as (
    select
        smallest.identifier_key,
        smallest.profile_key,
        min(carriers.seen_on) as seen_on
    from smallest
    inner join carriers
        on
            smallest.identifier_key = carriers.identifier_key
            and smallest.profile_key = carriers.profile_key
    group by smallest.identifier_key, smallest.profile_key
),

-- A star, not every pair: each profile is joined to the smallest of its value.
int_identifier_links as (
    select
        hubs.profile_key as left_profile_key,
        carriers.profile_key as right_profile_key,
        carriers.identifier_type as link_type,
        carriers.identifier_key,
        rules.priority,
        greatest(hubs.seen_on, carriers.seen_on) as linked_on
    from carriers
    inner join hubs
        on
            carriers.identifier_key = hubs.identifier_key
            and carriers.profile_key > hubs.profile_key
    inner join rules
        on carriers.identifier_type = rules.identifier_type
)

select * from int_identifier_links
