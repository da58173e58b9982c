with
clock as (
    select * from {{ ref('int_clock') }}
),

profiles as (
    select * from {{ ref('int_profiles') }}
),

known as (
    {{ person_keys_known() }}
),

int_person_keys_former as (
    select
        known.person_key,
        min(known.valid_from) as founded_on,
        min(profiles.first_seen_on) as founder_seen_on
    from known
    cross join clock
    left join profiles
        on known.person_key = profiles.profile_key
    where known.valid_from < clock.as_of_date
    group by known.person_key
)

select * from int_person_keys_former
