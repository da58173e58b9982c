{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
    )
}}

{#- Who was touched is settled when all of these were made in one run. -#}
{%- set carried = [
    'int_profile_value_keys', 'int_profile_identifiers', 'int_identifier_values',
    'int_muted_identifiers', 'int_identifier_contradictions', 'int_identifier_links',
    'int_match_links', 'int_identity_touches', 'int_identity_components',
    'int_component_overloads', 'int_identity_parts', 'int_person_keys',
    'int_person_profiles',
] -%}
{%- for name in carried %}
-- depends_on: {{ ref(name) }}
{%- endfor %}

with
clock as (
    select * from {{ ref('int_clock') }}
),

rules as (
    select * from {{ ref('int_identity_rules') }}
),

touches as (
    select
        count(distinct profile_key) filter (reason != 'decision')
            as touched_profile_count
    from {{ ref('int_identity_touches') }}
),

affected as (
    select count(*) as affected_profile_count
    from {{ ref('int_identity_affected') }}
),

int_identity_resolutions as (
    select
        {{ run_started() }} as resolved_at,
        clock.as_of_date,
        rules.rules_key,
        touches.touched_profile_count,
        affected.affected_profile_count
    from clock
    cross join rules
    cross join touches
    cross join affected
    where {{ all_made_in_this_run(carried) }}
)

select * from int_identity_resolutions
