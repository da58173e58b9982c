with
profiles as (
    select * from {{ ref('int_profiles') }}
),

last_resolution as (
    select * from {{ ref('int_identity_last_resolution') }}
),

known_profiles as (
    {{ rows_before('int_person_profiles', {
        'profile_key': 'bigint', 'first_seen_on': 'date',
    }) }}
),

known_persons as (
    {{ rows_before(
        'int_person_keys', {'profile_key': 'bigint', 'valid_from': 'date'}, true
    ) }}
),

changed_profiles as (
    select coalesce(profiles.profile_key, known_profiles.profile_key) as profile_key
    from profiles
    full outer join known_profiles
        on profiles.profile_key = known_profiles.profile_key
    cross join last_resolution
    where
        last_resolution.is_outdated
        or profiles.profile_key is null
        or known_profiles.profile_key is null
        or profiles.first_seen_on is distinct from known_profiles.first_seen_on
),

int_profile_touches as (
    select
        profile_key,
        'profile' as reason
    from changed_profiles
    union all
    select
        known_persons.profile_key,
        'ledger' as reason
    from known_persons
    inner join last_resolution
        on known_persons.valid_from >= last_resolution.as_of_date
    group by known_persons.profile_key
)

select * from int_profile_touches
