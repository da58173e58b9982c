{% set first -%}
    case rule
        when 'latest' then age_cost when 'most_frequent' then votes_cost
        else trust_cost
    end
{%- endset -%}

with
votes as (
    select * from {{ ref('int_attribute_votes') }}
),

leaders as (
    select * from votes
    where chosen_with is null and vote_count = 1
    union all
    select * from votes
    where chosen_with is null and vote_count > 1
    qualify row_number() over (
        partition by person_key, attribute
        order by
            {{ first }},
            {{ first | replace('case rule', 'case tie_break') }},
            trust_cost, age_cost, votes_cost, attribute_value, source_name, profile_id
    ) = 1
),

-- A town goes with the postcode that won: those of two homes make none.
followers as (
    select votes.*
    from votes
    inner join leaders
        on
            votes.person_key = leaders.person_key
            and votes.chosen_with = leaders.attribute
            and votes.source_name = leaders.source_name
            and votes.profile_id = leaders.profile_id
),

contested as (
    select
        person_key,
        attribute,
        count(distinct source_name) as source_count,
        count(distinct compared_value) as value_count
    from votes
    where vote_count > 1
    group by person_key, attribute
),

chosen as (
    select * from leaders
    union all
    select * from followers
),

int_attribute_choices as (
    select
        chosen.person_key,
        chosen.attribute,
        chosen.source_name,
        chosen.profile_id,
        chosen.said_at,
        chosen.rule,
        coalesce(contested.source_count, 1) as source_count,
        coalesce(contested.value_count, 1) as value_count
    from chosen
    left join contested
        on
            chosen.person_key = contested.person_key
            and chosen.attribute = contested.attribute
)

select * from int_attribute_choices
