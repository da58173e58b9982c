{{ config(materialized='view') }}

with
said as (
    select * from {{ ref('int_attribute_values') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
),

-- Few are contested. To look for them takes names and keys alone, where a window would
-- sort every value.
contested as (
    select
        person_key,
        attribute,
        count(*) as vote_count
    from said
    group by person_key, attribute
    having count(*) > 1
),

-- The less, the better: seconds ago, and steps down the order of trust.
counted as (
    select
        said.*,
        rules.rule,
        rules.tie_break,
        rules.chosen_with,
        rules.comparison,
        -coalesce(
            {{ elapsed('second', "timestamp '1900-01-01'", 'said.said_at') }}, -1
        ) as age_cost,
        coalesce(nullif(strpos(
            ' ' || rules.trusted_sources || ' ', ' ' || said.source_name || ' '
        ), 0), 1000) as trust_cost,
        coalesce(contested.vote_count, 1) as vote_count
    from said
    inner join rules
        on said.attribute = rules.attribute
    left join contested
        on
            said.person_key = contested.person_key
            and said.attribute = contested.attribute
),

-- Two spellings of one value say the same. Nine in ten were said alone and need no
-- comparing, which costs most.
compared as (
    select
        *,
        case
            when comparison = 'folded'
                then coalesce({{ folded_text('attribute_value') }}, attribute_value)
            else lower(attribute_value)
        end as compared_value
    from counted
    where vote_count > 1
),

int_attribute_votes as (
    select
        *,
        -count(*) over (partition by person_key, attribute, compared_value)
            as votes_cost
    from compared
    union all by name
    select
        *,
        attribute_value as compared_value,
        -1 as votes_cost
    from counted
    where vote_count = 1
)

select * from int_attribute_votes
