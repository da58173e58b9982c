with
members as (
    select * from {{ ref('int_identity_members') }}
),

claims as (
    select * from {{ ref('int_person_key_claims') }}
),

int_person_key_assignments as (
    select
        members.profile_key,
        claims.person_key,
        members.previous_person_key
    from members
    inner join claims
        on members.group_key = claims.group_key
)

select * from int_person_key_assignments
