with
profiles as (
    select * from {{ ref('int_profiles') }}
),

affected as (
    select * from {{ ref('int_identity_affected') }}
),

person_groups as (
    select * from {{ ref('int_identity_groups') }}
),

before as (
    select * from {{ ref('int_person_keys_before') }}
),

concerned as (
    select profile_key from affected
    union distinct
    select profile_key from before
),

int_identity_members as (
    select
        profiles.profile_key,
        profiles.first_seen_on,
        coalesce(person_groups.group_key, profiles.profile_key) as group_key,
        before.person_key as previous_person_key
    from profiles
    semi join concerned
        on profiles.profile_key = concerned.profile_key
    left join person_groups
        on profiles.profile_key = person_groups.profile_key
    left join before
        on profiles.profile_key = before.profile_key
)

select * from int_identity_members
