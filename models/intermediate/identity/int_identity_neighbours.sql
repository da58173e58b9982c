{#- Where none of what is made of them stands yet, all of that is made. -#}
{%- set is_asked_for = table_before('int_muted_identifiers')
    or table_before('int_identifier_contradictions')
    or table_before('int_identifier_links') %}

with
touches as {{ inlined() }} (
    select * from {{ ref('int_identity_touches') }}
),

identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

touched_values as (
    select
        identifier_key,
        count(distinct profile_key) as touch_count
    from touches
    where identifier_key is not null
    group by identifier_key
),

carriers as (
    select
        identifiers.profile_key,
        identifiers.identifier_key,
        identifiers.identifier_type,
        touched_values.touch_count
    from identifiers
    inner join touched_values
        on identifiers.identifier_key = touched_values.identifier_key
),

-- A till's number joins nobody with one profile more or less: even without all that
-- were touched it is shared too widely. A device tells who used it all the same.
still_shared as (
    select carriers.identifier_key
    from carriers
    inner join rules
        on carriers.identifier_type = rules.identifier_type
    where carriers.identifier_type != 'device'
    group by carriers.identifier_key, carriers.identifier_type
    having count(*) - min(carriers.touch_count) > min(rules.maximum_profiles)
),

found as (
    select profile_key from touches
    union distinct
    select carriers.profile_key
    from carriers
    anti join still_shared
        on carriers.identifier_key = still_shared.identifier_key
),

int_identity_neighbours as (
    select profile_key
    from found
    where {{ 'true' if is_asked_for else 'false' }}
)

select * from int_identity_neighbours
