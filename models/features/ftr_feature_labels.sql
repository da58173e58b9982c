{{ config(materialized='view') }}

with
registry as (
    select * from {{ ref('features') }}
),

names as (
    select * from {{ ref('trait_names') }}
),

slots as (
    select * from {{ ref('ftr_department_slots') }}
),

-- Labels and names of a place speak of its department as `{department}`.
ftr_feature_labels as (
    select
        registry.* exclude (label_high, label_low), -- noqa: RF02
        replace(
            registry.label_high, '{department}', coalesce(slots.department, 'none')
        ) as label_high,
        replace(
            registry.label_low, '{department}', coalesce(slots.department, 'none')
        ) as label_low,
        coalesce(
            replace(names.name_en, '{department}', coalesce(slots.department, 'none')),
            registry.feature
        ) as feature_label,
        coalesce(
            replace(
                names.name_fr, '{department}', coalesce(slots.department, 'aucun rayon')
            ),
            registry.feature
        ) as feature_label_fr
    from registry
    left join names
        on registry.feature = names.trait
    left join slots
        on registry.feature = 'department_' || slots.slot_number || '_affinity'
)

select * from ftr_feature_labels
