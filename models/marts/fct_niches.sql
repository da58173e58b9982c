with
facts as (
    select * from {{ ref('niche_facts') }}
),

texts as (
    select * from {{ ref('niche_texts') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

fct_niches as (
    select
        facts.niche_key,
        facts.segment_key,
        texts.conditions_en,
        texts.conditions_fr,
        facts.predicate,
        facts.person_count::bigint as person_count,
        facts.person_share::double as person_share,
        facts.revenue_share::double as revenue_share,
        facts.lift,
        facts.lift_low,
        facts.lift_high,
        facts.p_value,
        facts.q_value,
        facts.order_count::double as order_count,
        facts.rest_order_count::double as rest_order_count,
        facts.revenue_per_person::double as revenue_per_person,
        facts.rest_revenue_per_person::double as rest_revenue_per_person,
        texts.sentence_en,
        texts.sentence_fr,
        clock.as_of_date
    from facts
    inner join texts
        on facts.niche_key = texts.niche_key
    cross join clock
)

select * from fct_niches
