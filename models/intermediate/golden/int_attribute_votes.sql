{{ config(materialized='view') }}

-- Rules are looked up where they are needed: their words beside every value would be
-- most of what grouping and ranking have to carry.
with
said as {{ inlined() }} (
    select * from {{ ref('int_attribute_values') }}
),

rules as (
    select
        *,
        coalesce(chosen_with, attribute) as decided_with
    from {{ ref('survivorship_rules') }}
),

-- Few are contested. To look for them takes keys alone, where a window would sort every
-- value.
contested as (
    select
        said.person_key,
        rules.decided_with
    from said
    inner join rules
        on said.attribute = rules.attribute
    group by said.person_key, rules.decided_with
    having
        min(said.profile_key) != max(said.profile_key)
        or not bool_or(said.attribute = rules.decided_with)
),

undecided as (
    select
        said.*,
        rules.comparison
    from said
    inner join rules
        on said.attribute = rules.attribute
    semi join contested
        on
            said.person_key = contested.person_key
            and rules.decided_with = contested.decided_with
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

-- Two spellings of one value say the same.
compared as (
    select
        undecided.*,
        coalesce(spellings.folded_value, lower(undecided.attribute_value))
            as compared_value
    from undecided
    left join spellings
        on
            undecided.attribute_value = spellings.attribute_value
            and undecided.comparison = spellings.comparison
),

counted as (
    select
        *,
        -count(*) over (partition by person_key, attribute, compared_value)
            as votes_cost
    from compared
),

-- The less, the better: seconds ago, and steps down the order of trust.
int_attribute_votes as (
    select
        counted.*,
        rules.rule,
        rules.tie_break,
        rules.chosen_with,
        -coalesce(
            {{ elapsed('second', "timestamp '1900-01-01'", 'counted.said_at') }}, -1
        ) as age_cost,
        coalesce(nullif(strpos(
            ' ' || rules.trusted_sources || ' ', ' ' || counted.source_name || ' '
        ), 0), 1000) as trust_cost
    from counted
    inner join rules
        on counted.attribute = rules.attribute
)

select * from int_attribute_votes
