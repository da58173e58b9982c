with
value_touches as (
    select * from {{ ref('int_identifier_touches') }}
),

profile_touches as (
    select * from {{ ref('int_profile_touches') }}
),

decisions as (
    select * from {{ ref('int_identity_decisions') }}
),

matches as (
    select
        left_profile_key,
        right_profile_key,
        match_probability
    from {{ ref('int_profile_matches') }}
    where verdict = 'link'
),

last_resolution as (
    select * from {{ ref('int_identity_last_resolution') }}
),

known_matches as (
    {{ rows_before('int_match_links', {
        'left_profile_key': 'bigint', 'right_profile_key': 'bigint',
        'match_probability': 'double',
    }) }}
),

known_touches as (
    {{ rows_before('int_identity_touches', {
        'profile_key': 'bigint', 'identifier_key': 'bigint', 'reason': 'varchar',
        'touched_at': 'timestamp',
    }) }}
),

changed_matches as (
    select
        left_profile_key,
        right_profile_key
    from (
        select * from matches
        union all
        select * from known_matches
    ) as both_nights
    group by left_profile_key, right_profile_key, match_probability
    having count(*) = 1
),

-- Who ever was decided on is looked at each night: a line may be taken back.
found as (
    select * from value_touches
    union all
    select
        profile_key,
        null as identifier_key,
        reason
    from profile_touches
    union all
    select
        unnest([left_profile_key, right_profile_key]) as profile_key,
        null as identifier_key,
        'decision' as reason
    from decisions
    union all
    select
        unnest([left_profile_key, right_profile_key]) as profile_key,
        null as identifier_key,
        'match' as reason
    from changed_matches
    union all
    select
        known_touches.profile_key,
        known_touches.identifier_key,
        known_touches.reason
    from known_touches
    inner join last_resolution
        on
            known_touches.reason = 'decision'
            or (known_touches.touched_at <= last_resolution.resolved_at) is not true
),

int_identity_touches as (
    select
        profile_key,
        identifier_key,
        reason,
        {{ run_started() }} as touched_at
    from found
    group by profile_key, identifier_key, reason
)

select * from int_identity_touches
