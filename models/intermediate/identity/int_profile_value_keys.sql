{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('fingerprint', 'int_profile_value_changes') }}",
) }}

-- Before a change is taken in, whom it concerns has to be noted.
-- depends_on: {{ ref('int_identity_touches') }}

with
changes as (
    select * from {{ ref('int_profile_value_changes') }}
    where not is_gone
),

int_profile_value_keys as (
    select
        fingerprint,
        profile_key,
        identifier_type,
        identifier_key,
        spelling_key,
        seen_on,
        block_reason
    from changes
)

select * from int_profile_value_keys
