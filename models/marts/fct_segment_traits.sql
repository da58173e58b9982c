with
traits as (
    select * from {{ ref('persona_traits') }}
),

labels as (
    select * from {{ ref('persona_trait_labels') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

fct_segment_traits as (
    select
        traits.segmentation,
        traits.segment_key,
        traits.trait_kind,
        traits.trait,
        traits.trait_value,
        labels.trait_label,
        labels.trait_label_fr,
        labels.value_label,
        labels.value_label_fr,
        labels.unit,
        traits.topic,
        traits.person_count,
        traits.rest_person_count,
        traits.segment_figure::double as segment_figure,
        traits.rest_figure::double as rest_figure,
        traits.effect::double as effect,
        traits.difference::double as difference,
        traits.interval_low::double as interval_low,
        traits.interval_high::double as interval_high,
        traits.trait_rank::bigint as trait_rank,
        traits.is_leading,
        clock.as_of_date
    from traits
    cross join clock
    inner join labels
        on
            traits.trait_kind = labels.trait_kind
            and traits.trait = labels.trait
            and traits.trait_value = labels.trait_value
)

select * from fct_segment_traits
