with
questions as (
    select * from {{ ref('int_identity_questions') }}
),

alarms as (
    select * from {{ ref('int_identity_alarms') }}
),

profiles as {{ inlined() }} (
    select
        *,
        '"' || replace(profile_id, '"', '""') || '"' as quoted_id
    from {{ ref('int_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

asked as (
    select
        left_profile_key,
        right_profile_key,
        question as review_kind,
        evidence,
        match_probability,
        2 as profile_count,
        'are these two one person?' as what_to_do
    from questions
    union all
    select
        profile_key as left_profile_key,
        null as right_profile_key,
        alarm as review_kind,
        identifier_type as evidence,
        null as match_probability,
        found_count as profile_count,
        case alarm
            when 'shared_value'
                then 'block this value, or let it join more profiles'
            else 'find out who uses this account; its values join nobody'
        end as what_to_do
    from alarms
),

-- Names that agree are those of namesakes as well, and nobody can tell by them alone.
weighed as (
    select
        *,
        length(evidence) - length(replace(evidence, ',', '')) + 1 as attribute_count,
        review_kind != 'match'
        or {{ regexp_found('evidence', 'birth_date|home|phone|email|number') }}
            as is_decidable
    from asked
),

fct_identity_reviews as (
    select
        {{ key_from_text(
            "concat_ws(':', weighed.review_kind, weighed.left_profile_key, "
            ~ "weighed.right_profile_key, weighed.evidence)"
        ) }} as review_key,
        clock.as_of_date,
        weighed.review_kind,
        left_profiles.source_name as left_source,
        left_profiles.profile_id as left_profile_id,
        right_profiles.source_name as right_source,
        right_profiles.profile_id as right_profile_id,
        weighed.evidence,
        weighed.match_probability::double as match_probability,
        weighed.profile_count::bigint as profile_count,
        weighed.is_decidable,
        row_number() over (
            order by
                weighed.is_decidable desc,
                weighed.right_profile_key is null asc,
                weighed.review_kind = 'match' asc,
                weighed.attribute_count desc,
                weighed.match_probability desc nulls first,
                weighed.review_kind asc,
                weighed.left_profile_key asc,
                weighed.right_profile_key asc,
                weighed.evidence asc
        )::bigint as queue_position,
        weighed.what_to_do,
        left_profiles.source_name || ',' || left_profiles.quoted_id
        || ',' || right_profiles.source_name || ','
        || right_profiles.quoted_id || ',,' || clock.as_of_date || ','
            as decision_line
    from weighed
    cross join clock
    inner join profiles as left_profiles
        on weighed.left_profile_key = left_profiles.profile_key
    left join profiles as right_profiles
        on weighed.right_profile_key = right_profiles.profile_key
)

select * from fct_identity_reviews
