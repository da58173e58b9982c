{{ config(materialized='view') }}

{%- set minimum_difference = var('persona_minimum_difference') -%}
{%- set minimum_lift = var('persona_minimum_lift') -%}

with
measure_traits as (
    select * from {{ ref('persona_measure_traits') }}
),

attribute_traits as (
    select * from {{ ref('persona_attribute_traits') }}
),

measure_words as (
    select * from {{ ref('persona_measures') }}
),

attribute_words as (
    select * from {{ ref('persona_attributes') }}
    where is_trait
),

registry as (
    select * from {{ ref('features') }}
),

persona_differences as (
    select
        measure_traits.segmentation,
        measure_traits.segment_key,
        'measure' as trait_kind,
        measure_traits.measure as trait,
        case when measure_traits.effect > 0 then 'high' else 'low' end as trait_value,
        measure_words.topic,
        registry.priority,
        measure_traits.person_count,
        measure_traits.rest_person_count,
        measure_traits.segment_figure,
        measure_traits.rest_figure,
        measure_traits.effect,
        measure_traits.effect as difference,
        measure_traits.effect - measure_traits.effect_margin as interval_low,
        measure_traits.effect + measure_traits.effect_margin as interval_high
    from measure_traits
    inner join measure_words
        on measure_traits.measure = measure_words.measure
    inner join registry
        on measure_traits.measure = registry.feature
    where
        abs(measure_traits.effect) > measure_traits.effect_margin
        and abs(measure_traits.effect) >= {{ minimum_difference }}
    union all
    select
        attribute_traits.segmentation,
        attribute_traits.segment_key,
        'attribute' as trait_kind,
        attribute_traits.attribute as trait,
        attribute_traits.attribute_value as trait_value,
        attribute_words.topic,
        1000 + attribute_words.priority as priority,
        attribute_traits.person_count,
        attribute_traits.rest_person_count,
        attribute_traits.segment_figure,
        attribute_traits.rest_figure,
        attribute_traits.effect,
        attribute_traits.lift as difference,
        attribute_traits.lift_low as interval_low,
        attribute_traits.lift_high as interval_high
    from attribute_traits
    inner join attribute_words
        on attribute_traits.attribute = attribute_words.attribute
    where
        (attribute_traits.lift_low > 1 or attribute_traits.lift_high < 1)
        and greatest(attribute_traits.lift, 1 / attribute_traits.lift)
        >= {{ minimum_lift }}
)

select * from persona_differences
