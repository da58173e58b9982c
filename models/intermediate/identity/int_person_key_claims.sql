with
members as {{ inlined() }} (
    select * from {{ ref('int_identity_members') }}
),

former_keys as (
    select * from {{ ref('int_person_keys_former') }}
),

holdings as (
    select
        previous_person_key as person_key,
        group_key,
        count(*) as member_count,
        bool_or(profile_key = previous_person_key) as has_founder
    from members
    where previous_person_key is not null
    group by previous_person_key, group_key
),

-- Of the parts of a split the one with the founder keeps the key, else the largest.
claims as (
    select
        person_key,
        arg_max(group_key, (has_founder, member_count, -group_key)) as group_key
    from holdings
    group by person_key
),

-- Whoever founded a person once, and stands without her now, brings her key back.
restorable as (
    select
        former_keys.person_key,
        members.group_key
    from members
    inner join former_keys
        on members.profile_key = former_keys.person_key
    anti join claims
        on members.profile_key = claims.person_key
),

claimed as (
    select
        claimed_keys.group_key,
        arg_min(
            claimed_keys.person_key,
            (
                claimed_keys.claim_rank,
                former_keys.founded_on,
                coalesce(former_keys.founder_seen_on, date '9999-12-31'),
                former_keys.person_key
            )
        ) as person_key
    from (
        select
            group_key,
            person_key,
            1 as claim_rank
        from claims
        union all
        select
            group_key,
            person_key,
            2 as claim_rank
        from restorable
    ) as claimed_keys
    inner join former_keys
        on claimed_keys.person_key = former_keys.person_key
    group by claimed_keys.group_key
),

founded as (
    select
        members.group_key,
        arg_min(
            members.profile_key,
            (coalesce(members.first_seen_on, date '9999-12-31'), members.profile_key)
        ) as person_key
    from members
    anti join claimed
        on members.group_key = claimed.group_key
    group by members.group_key
),

int_person_key_claims as (
    select * from claimed
    union all
    select * from founded
)

select * from int_person_key_claims
