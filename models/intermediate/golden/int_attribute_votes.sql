{{ config(materialized='view') }}

with
said as (
    select * from {{ ref('int_attribute_values') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
),

ruled as (
    select
        said.*,
        rules.rule,
        rules.tie_break,
        rules.chosen_with,
        rules.comparison,
        rules.trusted_sources,
        coalesce(rules.chosen_with, said.attribute) as decided_with
    from said
    inner join rules
        on said.attribute = rules.attribute
),

-- Few are contested. To look for them takes keys alone, where a window would sort every
-- value.
contested as (
    select
        person_key,
        decided_with
    from ruled
    group by person_key, decided_with
    having
        min(profile_key) != max(profile_key)
        or not bool_or(attribute = decided_with)
),

undecided as (
    select ruled.*
    from ruled
    semi join contested
        on
            ruled.person_key = contested.person_key
            and ruled.decided_with = contested.decided_with
),

-- Few spellings, however many say them: each is folded once.
spellings as (
    select
        comparison,
        attribute_value,
        coalesce({{ folded_text('attribute_value') }}, attribute_value) as folded_value
    from undecided
    where comparison = 'folded'
    group by comparison, attribute_value
),

-- The less, the better: seconds ago, and steps down the order of trust. Two spellings
-- of one value say the same.
counted as (
    select
        undecided.*,
        -coalesce(
            {{ elapsed('second', "timestamp '1900-01-01'", 'undecided.said_at') }}, -1
        ) as age_cost,
        coalesce(nullif(strpos(
            ' ' || undecided.trusted_sources || ' ', ' ' || undecided.source_name || ' '
        ), 0), 1000) as trust_cost,
        coalesce(spellings.folded_value, lower(undecided.attribute_value))
            as compared_value
    from undecided
    left join spellings
        on
            undecided.attribute_value = spellings.attribute_value
            and undecided.comparison = spellings.comparison
),

int_attribute_votes as (
    select
        * exclude (trusted_sources, decided_with),
        -count(*) over (partition by person_key, attribute, compared_value)
            as votes_cost
    from counted
)

select * from int_attribute_votes
