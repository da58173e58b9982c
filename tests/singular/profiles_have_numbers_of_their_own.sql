{{ config(group='audience_making') }}

-- Days look profiles up by one number: two profiles with the same would share theirs.
with
profiles as (
    select * from {{ ref('int_person_profiles') }}
),

profiles_have_numbers_of_their_own as (
    select
        {{ profile_number('profiles') }} as profile_number,
        count(*) as profile_count
    from profiles
    group by {{ profile_number('profiles') }}
    having count(*) > 1
)

select * from profiles_have_numbers_of_their_own
