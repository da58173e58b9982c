with
traits as (
    select * from {{ ref('persona_traits') }}
),

labels as (
    select * from {{ ref('ftr_feature_labels') }}
),

names as (
    select * from {{ ref('trait_names') }}
),

measures as (
    select * from {{ ref('persona_measures') }}
),

spoken_values as (
    select * from {{ ref('persona_values') }}
),

told as (
    select
        trait_kind,
        trait,
        trait_value
    from traits
    group by trait_kind, trait, trait_value
),

-- A value that no seed has words for, such as a brand, is called by itself.
persona_trait_labels as (
    select
        told.trait_kind,
        told.trait,
        told.trait_value,
        coalesce(labels.feature_label, names.name_en, told.trait) as trait_label,
        coalesce(labels.feature_label_fr, names.name_fr, told.trait) as trait_label_fr,
        case
            when told.trait_kind = 'attribute'
                then coalesce(spoken_values.label_en, told.trait_value)
            when told.trait_value = 'high' then labels.label_high
            else labels.label_low
        end as value_label,
        case
            when told.trait_kind = 'attribute'
                then coalesce(spoken_values.label_fr, told.trait_value)
            when told.trait_value = 'high' then measures.name_high_fr
            else measures.name_low_fr
        end as value_label_fr,
        coalesce(measures.unit, 'share') as unit
    from told
    left join measures
        on
            told.trait_kind = 'measure'
            and told.trait = measures.measure
    left join labels
        on
            told.trait_kind = 'measure'
            and told.trait = labels.feature
    left join names
        on told.trait = names.trait
    left join spoken_values
        on
            told.trait_kind = 'attribute'
            and told.trait = spoken_values.attribute
            and told.trait_value = spoken_values.value
)

select * from persona_trait_labels
