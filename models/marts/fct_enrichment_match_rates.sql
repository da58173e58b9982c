{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        on_schema_change='append_new_columns',
    )
}}

with
matches as (
    select * from {{ ref('int_enrichment_matches') }}
),

persons as (
    select count(*) as person_count
    from {{ ref('int_persons') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

enrichments as (
    select 'area' as enrichment
    union all
    select 'partner' as enrichment
    union all
    select 'survey' as enrichment
),

fct_enrichment_match_rates as (
    select
        clock.as_of_date,
        enrichments.enrichment,
        persons.person_count,
        count(matches.person_key) as keyed_count,
        count(matches.person_key) filter (where matches.is_matched) as matched_count,
        count(matches.person_key) filter (where matches.is_ambiguous)
            as ambiguous_count,
        count(matches.person_key) filter (where matches.is_matched)
        / persons.person_count as matched_share
    from enrichments
    cross join clock
    cross join persons
    left join matches
        on enrichments.enrichment = matches.enrichment
    where persons.person_count > 0
    group by clock.as_of_date, enrichments.enrichment, persons.person_count
)

select * from fct_enrichment_match_rates
