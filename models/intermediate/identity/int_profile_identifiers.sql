with
value_keys as (
    select * from {{ ref('int_profile_value_keys') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

known_values as (
    select value_keys.*
    from value_keys
    cross join clock
    where value_keys.seen_on is null or value_keys.seen_on <= clock.as_of_date
),

known_hashes as (
    select identifier_key
    from known_values
    where identifier_type = 'hashed_email'
    group by identifier_key
),

-- A spelling matters where a source that only keeps hashes has that one.
spellings as (
    select known_values.*
    from known_values
    semi join known_hashes
        on known_values.spelling_key = known_hashes.identifier_key
),

int_profile_identifiers as (
    select
        profile_key,
        identifier_type,
        identifier_key,
        false as is_spelling,
        min(seen_on) as seen_on,
        min(block_reason) as block_reason
    from known_values
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
