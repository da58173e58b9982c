{#- Where none of what is made of them stands yet, all of that is made. -#}
{%- set is_asked_for = table_before('int_muted_identifiers')
    or table_before('int_identifier_contradictions')
    or table_before('int_identifier_links') %}

with
touches as (
    select * from {{ ref('int_identity_touches') }}
),

neighbours as (
    select * from {{ ref('int_identity_neighbours') }}
),

identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
),

found as (
    select identifier_key
    from touches
    where identifier_key is not null
    union distinct
    select identifiers.identifier_key
    from identifiers
    semi join neighbours
        on identifiers.profile_key = neighbours.profile_key
),

int_identity_neighbour_values as (
    select identifier_key
    from found
    where {{ 'true' if is_asked_for else 'false' }}
)

select * from int_identity_neighbour_values
