{{ config(materialized='view') }}

with
registry as (
    select * from {{ ref('features') }}
),

slots as (
    select * from {{ ref('ftr_department_slots') }}
),

-- Labels of a place speak of its department as `{department}`.
ftr_feature_labels as (
    select
        registry.* exclude (label_high, label_low), -- noqa: RF02
        replace(
            registry.label_high, '{department}', coalesce(slots.department, 'none')
        ) as label_high,
        replace(
            registry.label_low, '{department}', coalesce(slots.department, 'none')
        ) as label_low
    from registry
    left join slots
        on registry.feature = 'department_' || slots.slot_number || '_affinity'
)

select * from ftr_feature_labels
