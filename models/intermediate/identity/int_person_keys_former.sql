with
clock as (
    select * from {{ ref('int_clock') }}
),

profiles as (
    select * from {{ ref('int_profiles') }}
),

members as (
    select * from {{ ref('int_identity_members') }}
),

ledger as (
    {{ rows_before('int_person_keys', {
        'person_key': 'bigint', 'valid_from': 'date',
    }, true) }}
),

wanted as (
    select profile_key as person_key from members
    union distinct
    select previous_person_key as person_key from members
),

int_person_keys_former as (
    select
        ledger.person_key,
        min(ledger.valid_from) as founded_on,
        min(profiles.first_seen_on) as founder_seen_on
    from ledger
    semi join wanted
        on ledger.person_key = wanted.person_key
    cross join clock
    left join profiles
        on ledger.person_key = profiles.profile_key
    where ledger.valid_from < clock.as_of_date
    group by ledger.person_key
)

select * from int_person_keys_former
