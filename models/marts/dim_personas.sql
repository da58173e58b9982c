{%- set attributes = {
    'preferred_channel': 'channel',
    'day_part': 'day_part',
    'favourite_hour': 'hour',
    'favourite_weekday': 'weekday',
    'favourite_device': 'device',
    'lifecycle_stage': 'lifecycle_stage',
    'age_band': 'age_band',
    'region': 'region',
} -%}

with
facts as (
    select * from {{ ref('persona_facts') }}
),

texts as (
    select * from {{ ref('persona_texts') }}
),

modes as (
    select * from {{ ref('persona_modes') }}
),

medoids as (
    select * from {{ ref('persona_medoids') }}
),

rule_names as (
    select * from {{ ref('segment_names') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- What most persons of a segment are like.
usual as (
    select
        {% for attribute, name in attributes.items() -%}
            any_value(attribute_value) filter (where attribute = '{{ attribute }}')
                as {{ name }},
            any_value(value_share) filter (where attribute = '{{ attribute }}')
                as {{ name }}_share,
        {% endfor -%}
        segment_key
    from modes
    group by segment_key
),

dim_personas as (
    select
        facts.segmentation,
        facts.segment_key,
        texts.segment_name,
        texts.segment_name_fr,
        rule_names.description_fr,
        facts.person_count,
        facts.is_described,
        texts.traits_en,
        texts.traits_fr,
        {% for name in attributes.values() -%}
            usual.{{ name }}::varchar as {{ name }},
            usual.{{ name }}_share::double as {{ name }}_share,
        {% endfor -%}
        texts.affinities,
        facts.person_share,
        facts.revenue_share::double as revenue_share,
        case when facts.is_described then facts.order_count end as order_count,
        case when facts.is_described then facts.revenue_per_buyer end::double
            as revenue_per_buyer,
        case when facts.is_described then facts.average_order_amount end::double
            as average_order_amount,
        medoids.person_key as typical_person_key,
        texts.paragraph_en,
        texts.paragraph_fr,
        clock.as_of_date
    from facts
    inner join texts
        on facts.segment_key = texts.segment_key
    left join usual on facts.segment_key = usual.segment_key
    left join medoids on facts.segment_key = medoids.segment_key
    left join rule_names on facts.segment_key = rule_names.segment_key
    cross join clock
)

select * from dim_personas
