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
    select
        person_key,
        attribute,
        profile_key
    from votes
    where chosen_with is null
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
    select
        votes.person_key,
        votes.attribute,
        votes.profile_key
    from votes
    inner join leaders
        on
            votes.person_key = leaders.person_key
            and votes.chosen_with = leaders.attribute
            and votes.profile_key = leaders.profile_key
),

told as (
    select
        person_key,
        attribute,
        count(distinct source_name) as source_count,
        min(compared_value) != max(compared_value) as is_disputed
    from votes
    group by person_key, attribute
),

chosen as (
    select * from leaders
    union all
    select * from followers
),

int_attribute_choices as (
    select
        told.person_key,
        told.attribute,
        chosen.profile_key,
        told.source_count,
        told.is_disputed
    from told
    left join chosen
        on
            told.person_key = chosen.person_key
            and told.attribute = chosen.attribute
)

select * from int_attribute_choices
