{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('identifier_key', 'int_identity_neighbour_values') }}",
) }}

with
identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
),

identifier_values as (
    select * from {{ ref('int_identifier_values') }}
    where verdict = 'links'
),

neighbour_values as (
    select * from {{ ref('int_identity_neighbour_values') }}
),

contacts as (
    select * from {{ ref('int_contacts_known') }}
),

decisions as (
    select * from {{ ref('int_identity_decisions') }}
    where decision = 'same'
),

named as (
    select
        {{ key_from_text("'crm:' || contact_id") }} as profile_key,
        birth_date,
        {{ folded_text('first_name') }} as first_name
    from contacts
),

carriers as (
    select
        identifiers.identifier_key,
        identifiers.identifier_type,
        named.*
    from identifiers
    inner join identifier_values
        on identifiers.identifier_key = identifier_values.identifier_key
    inner join named
        on identifiers.profile_key = named.profile_key
    {% if is_incremental() -%}
        semi join neighbour_values
            on identifiers.identifier_key = neighbour_values.identifier_key
    {%- endif %}
),

-- Values are capped, so few pairs arise. First names are asked where birth dates are
-- not known; a slip of the pen or a short form is no other name.
int_identifier_contradictions as (
    select
        lower_carriers.identifier_key,
        lower_carriers.profile_key as left_profile_key,
        upper_carriers.profile_key as right_profile_key,
        lower_carriers.identifier_type,
        case
            when lower_carriers.birth_date != upper_carriers.birth_date
                then 'birth_date'
            else 'first_name'
        end as contradiction
    from carriers as lower_carriers
    inner join carriers as upper_carriers
        on
            lower_carriers.identifier_key = upper_carriers.identifier_key
            and lower_carriers.profile_key < upper_carriers.profile_key
    anti join decisions
        on
            lower_carriers.profile_key = decisions.left_profile_key
            and upper_carriers.profile_key = decisions.right_profile_key
    where
        lower_carriers.birth_date != upper_carriers.birth_date
        or (lower_carriers.birth_date = upper_carriers.birth_date) is null
        and levenshtein(lower_carriers.first_name, upper_carriers.first_name) > 2
        and not starts_with(lower_carriers.first_name, upper_carriers.first_name)
        and not starts_with(upper_carriers.first_name, lower_carriers.first_name)
)

select * from int_identifier_contradictions
