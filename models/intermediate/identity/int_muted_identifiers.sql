{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('profile_key', 'int_identity_neighbours') }}",
) }}

with
all_identifiers as {{ inlined() }} (
    select * from {{ ref('int_profile_identifiers') }}
),

neighbours as (
    select * from {{ ref('int_identity_neighbours') }}
),

identifiers as {{ inlined() if not is_incremental() }} (
    select all_identifiers.*
    from all_identifiers
    {% if is_incremental() -%}
        semi join neighbours
            on all_identifiers.profile_key = neighbours.profile_key
    {%- endif %}
),

shared_numbers as (
    select * from {{ ref('int_shared_accounts') }}
),

weaker_claims as (
    select * from {{ ref('int_weaker_claims') }}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

-- Of a browser that several people log in on, of an account that rings up many
-- addresses, nobody can say whose it is.
several_values as (
    select
        identifiers.profile_key,
        identifiers.identifier_type,
        'several_values' as mute_reason,
        count(*) as value_count
    from identifiers
    inner join rules
        on identifiers.identifier_type = rules.identifier_type
    where not identifiers.is_spelling
    group by identifiers.profile_key, identifiers.identifier_type
    having count(*) > any_value(rules.maximum_per_profile)
),

-- A customer number that a whole till uses belongs to nobody, and so do the cards and
-- addresses that the till took down.
shared_accounts as (
    select
        identifiers.profile_key,
        identifiers.identifier_type,
        'shared_account' as mute_reason,
        null as value_count
    from identifiers
    semi join shared_numbers
        on identifiers.profile_key = shared_numbers.profile_key
    group by identifiers.profile_key, identifiers.identifier_type
),

weaker as (
    select
        identifiers.profile_key,
        identifiers.identifier_type,
        'weaker_claim' as mute_reason,
        null as value_count
    from identifiers
    semi join weaker_claims
        on
            identifiers.profile_key = weaker_claims.profile_key
            and identifiers.identifier_type = weaker_claims.identifier_type
    group by identifiers.profile_key, identifiers.identifier_type
),

int_muted_identifiers as (
    select
        profile_key,
        identifier_type,
        min(mute_reason) as mute_reason,
        max(value_count)::bigint as value_count
    from (
        select * from several_values
        union all
        select * from shared_accounts
        union all
        select * from weaker
    ) as muted
    group by profile_key, identifier_type
)

select * from int_muted_identifiers
