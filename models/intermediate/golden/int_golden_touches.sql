{%- set seeds = ['survivorship_rules', 'countries', 'languages', 'survey_attributes'] %}

with
statement_keys as (
    select * from {{ ref('int_statement_keys') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

known_values as (
    {{ rows_before('int_golden_values', {
        'person_key': 'bigint', 'said_key': 'ubigint',
    }) }}
),

-- What a word means, and whose word counts, is the same for everybody.
rules as (
    {% for seed in seeds %}
        select {{ fingerprint([seed]) }} as rule_key
        from {{ ref(seed) }} as {{ seed }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

rules_key as (
    select
        {{ fingerprint(['sum(rule_key)', "'" ~ var('default_country_code') ~ "'"]) }}
            as rules_key
    from rules
),

said_by_person as (
    select
        person_profiles.person_key,
        sum({{ fingerprint(
            ['person_profiles.profile_key', 'statement_keys.rows_key']
        ) }}) as rows_key
    from statement_keys
    inner join person_profiles
        on {{ same_profile('statement_keys', 'person_profiles') }}
    group by person_profiles.person_key
),

said as (
    select
        said_by_person.person_key,
        {{ fingerprint(['said_by_person.rows_key', 'rules_key.rules_key']) }}
            as said_key
    from said_by_person
    cross join rules_key
),

known as (
    select
        person_key,
        any_value(said_key) as said_key
    from known_values
    group by person_key
),

int_golden_touches as (
    select
        coalesce(said.person_key, known.person_key) as person_key,
        said.said_key
    from said
    full outer join known
        on said.person_key = known.person_key
    where said.said_key is distinct from known.said_key
)

select * from int_golden_touches
