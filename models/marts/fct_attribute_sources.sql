with
golden as (
    select * from {{ ref('int_golden_attributes') }}
),

contact_points as (
    select * from {{ ref('int_contact_points') }}
    where is_preferred
),

persons as {{ inlined() }} (
    select * from {{ ref('int_persons') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

totals as (
    select count(*) as person_count
    from persons
),

-- Of what names a person, that it is known, and from where; never what it is.
winners as (
    select
        person_key,
        attribute,
        rule,
        source_name,
        source_count,
        is_disputed
    from golden
    union all
    select
        person_key,
        attribute,
        rule,
        source_name,
        source_count,
        is_disputed
    from contact_points
),

fct_attribute_sources as (
    select
        clock.as_of_date,
        winners.attribute,
        winners.source_name,
        winners.rule,
        count(*) as person_count,
        count(*) / any_value(totals.person_count) as person_share,
        count(*) filter (where winners.source_count > 1) as several_sources_count,
        count(*) filter (where winners.is_disputed) as disputed_count
    from winners
    cross join clock
    cross join totals
    semi join persons
        on winners.person_key = persons.person_key
    group by
        clock.as_of_date, winners.attribute, winners.source_name, winners.rule
)

select * from fct_attribute_sources
