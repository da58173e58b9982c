with
blocked_identifiers as (
    select * from {{ ref('blocked_identifiers') }}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

-- What is blocked, and what is compared with what, is part of what a value means.
blocked_text as (
    select
        string_agg(
            concat_ws(':', identifier_type, matched_part, blocked_value, reason), ','
            order by identifier_type asc, matched_part asc, blocked_value asc
        ) as blocked_text
    from blocked_identifiers
),

rules_text as (
    select
        string_agg(
            identifier_type || ':' || identifier_space, ',' order by identifier_type asc
        ) as spaces_text,
        string_agg(
            concat_ws(
                ':', identifier_type, identifier_space, priority, maximum_profiles,
                maximum_per_profile, maximum_per_person
            ),
            ',' order by identifier_type asc
        ) as rules_text
    from rules
),

int_identity_rules as (
    select
        {{ key_from_text(
            "concat_ws(';', spaces_text, blocked_text)"
        ) }} as value_rules_key,
        {{ key_from_text(
            "concat_ws(';', rules_text, blocked_text, '"
            ~ var('maximum_person_profiles') ~ "')"
        ) }} as rules_key
    from rules_text
    cross join blocked_text
)

select * from int_identity_rules
