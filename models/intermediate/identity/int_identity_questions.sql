with
matches as (
    select * from {{ ref('int_profile_matches') }}
    where verdict = 'review'
),

contradictions as (
    select * from {{ ref('int_identifier_contradictions') }}
),

cuts as (
    select * from {{ ref('int_identity_cuts') }}
),

suspects as (
    select * from {{ ref('int_identity_suspects') }}
    where reason != 'decision'
),

decisions as (
    select * from {{ ref('int_identity_decisions') }}
),

person_profiles as {{ inlined() }} (
    select * from {{ ref('int_person_profiles') }}
),

reasons as (
    select
        component_key,
        string_agg('too many: ' || reason, ', ' order by reason asc) as reason
    from suspects
    group by component_key
),

asked as (
    select
        left_profile_key,
        right_profile_key,
        'match' as question,
        evidence,
        match_probability
    from matches
    union all
    select
        left_profile_key,
        right_profile_key,
        'contradiction' as question,
        'same ' || string_agg(distinct identifier_type, ', ' order by identifier_type)
        || ', other ' || string_agg(distinct contradiction, ', ' order by contradiction)
            as evidence,
        null as match_probability
    from contradictions
    group by left_profile_key, right_profile_key
    union all
    -- The strongest link that was cut is the weakest that would have split the rest.
    select
        cuts.left_profile_key,
        cuts.right_profile_key,
        'cut' as question,
        cuts.link_type || ' link; ' || reasons.reason as evidence,
        cuts.match_probability
    from cuts
    inner join reasons
        on cuts.component_key = reasons.component_key
),

-- Whom somebody has judged, and who came together by another way, need no answer.
int_identity_questions as (
    select
        asked.left_profile_key,
        asked.right_profile_key,
        asked.question,
        max(asked.evidence) as evidence,
        max(asked.match_probability) as match_probability
    from asked
    inner join person_profiles as left_persons
        on asked.left_profile_key = left_persons.profile_key
    inner join person_profiles as right_persons
        on asked.right_profile_key = right_persons.profile_key
    anti join decisions
        on
            least(asked.left_profile_key, asked.right_profile_key)
            = decisions.left_profile_key
            and greatest(asked.left_profile_key, asked.right_profile_key)
            = decisions.right_profile_key
    where left_persons.person_key != right_persons.person_key
    group by asked.left_profile_key, asked.right_profile_key, asked.question
)

select * from int_identity_questions
