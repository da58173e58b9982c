with
clock as (
    select * from {{ ref('int_clock') }}
),

affected as {{ inlined() }} (
    select * from {{ ref('int_identity_affected') }}
),

ledger as (
    {{ rows_before('int_person_keys', {
        'profile_key': 'bigint', 'person_key': 'bigint', 'valid_from': 'date',
    }, true) }}
),

-- Strictly before tonight, so that a night can be run twice with one result.
known as (
    select ledger.*
    from ledger
    cross join clock
    where ledger.valid_from < clock.as_of_date
),

affected_rows as (
    select known.*
    from known
    semi join affected
        on known.profile_key = affected.profile_key
),

-- Who has the key of an affected person, or one that an affected profile once founded,
-- has a word in who is to have it.
claimed_keys as (
    select person_key from affected_rows
    union distinct
    select profile_key as person_key from affected
),

claimants as (
    select profile_key from affected
    union distinct
    select known.profile_key
    from known
    semi join claimed_keys
        on known.person_key = claimed_keys.person_key
),

-- And so have those who have a key that one of them founded, in case she loses hers.
concerned as (
    select profile_key from claimants
    union distinct
    select known.profile_key
    from known
    semi join claimants
        on known.person_key = claimants.profile_key
),

int_person_keys_before as (
    select
        known.profile_key,
        arg_max(known.person_key, known.valid_from) as person_key,
        min(known.valid_from) as known_since
    from known
    semi join concerned
        on known.profile_key = concerned.profile_key
    group by known.profile_key
)

select * from int_person_keys_before
