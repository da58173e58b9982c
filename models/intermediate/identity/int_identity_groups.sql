{{ config(materialized='view') }}

with
components as (
    select * from {{ ref('int_identity_components') }}
),

parts as (
    select * from {{ ref('int_identity_parts') }}
),

-- Who stands in no component is a group of one, and has no row here.
int_identity_groups as (
    select
        components.profile_key,
        components.component_key,
        coalesce(parts.part_key, components.component_key) as group_key
    from components
    left join parts
        on components.profile_key = parts.profile_key
)

select * from int_identity_groups
