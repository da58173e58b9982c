with
profiles as (
    select * from {{ ref('int_profiles') }}
),

-- Profiles that carry the same customer number are one person; a contact without one
-- is a person of its own.
identities as (
    select
        source_name,
        profile_id,
        first_seen_on,
        case
            when customer_id is not null then 'customer:' || customer_id
            else source_name || ':' || profile_id
        end as identity
    from profiles
),

int_person_profiles as (
    select
        source_name,
        profile_id,
        {{ key_from_text('identity') }} as person_key,
        identity,
        first_seen_on
    from identities
)

select * from int_person_profiles
