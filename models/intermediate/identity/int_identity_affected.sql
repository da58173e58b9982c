with
touches as (
    select * from {{ ref('int_identity_touches') }}
),

neighbours as (
    select * from {{ ref('int_identity_neighbours') }}
),

neighbour_values as (
    select * from {{ ref('int_identity_neighbour_values') }}
),

identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
),

linking_values as (
    select * from {{ ref('int_identifier_values') }}
    where verdict = 'links'
),

known_components as {{ inlined() }} (
    {{ rows_before('int_identity_components', {
        'profile_key': 'bigint', 'component_key': 'bigint',
    }) }}
),

carriers as (
    select identifiers.profile_key
    from identifiers
    semi join neighbour_values
        on identifiers.identifier_key = neighbour_values.identifier_key
    semi join linking_values
        on identifiers.identifier_key = linking_values.identifier_key
),

concerned as (
    select profile_key from touches
    union distinct
    select profile_key from neighbours
    union distinct
    select profile_key from carriers
),

concerned_components as (
    select known_components.component_key
    from known_components
    semi join concerned
        on known_components.profile_key = concerned.profile_key
    group by known_components.component_key
),

-- Every link that came or went has both its ends among the concerned, so no link leads
-- from these components, as they were, to any other.
int_identity_affected as (
    select profile_key from concerned
    union distinct
    select known_components.profile_key
    from known_components
    semi join concerned_components
        on known_components.component_key = concerned_components.component_key
)

select * from int_identity_affected
