{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{{ forget_touched('profile_key', 'int_identifier_touches') }}",
) }}

with
value_keys as {{ inlined() }} (
    select * from {{ ref('int_profile_value_keys') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

touches as (
    select * from {{ ref('int_identifier_touches') }}
),

known_values as {{ inlined() }} (
    select value_keys.*
    from value_keys
    cross join clock
    where value_keys.seen_on is null or value_keys.seen_on <= clock.as_of_date
),

touched_values as {{ inlined() if not is_incremental() }} (
    select known_values.*
    from known_values
    {% if is_incremental() -%}
        semi join touches
            on known_values.profile_key = touches.profile_key
    {%- endif %}
),

known_hashes as (
    select identifier_key
    from known_values
    where identifier_type = 'hashed_email'
    group by identifier_key
),

-- A spelling matters where a source that only keeps hashes has that one.
spellings as (
    select touched_values.*
    from touched_values
    semi join known_hashes
        on touched_values.spelling_key = known_hashes.identifier_key
),

int_profile_identifiers as (
    select
        profile_key,
        identifier_type,
        identifier_key,
        false as is_spelling,
        min(seen_on) as seen_on,
        min(block_reason) as block_reason
    from touched_values
    group by profile_key, identifier_type, identifier_key
    union all
    select
        profile_key,
        identifier_type,
        spelling_key as identifier_key,
        true as is_spelling,
        min(seen_on) as seen_on,
        min(block_reason) as block_reason
    from spellings
    group by profile_key, identifier_type, spelling_key
)

select * from int_profile_identifiers
