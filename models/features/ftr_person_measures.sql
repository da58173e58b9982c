{{ config(materialized='view') }}

with
rfm as (
    select * from {{ ref('ftr_person_rfm') }}
),

ftr_person_measures as (
    select
        person_key,
        as_of_date,
        'recency_days' as variable,
        recency_days::double as measure
    from rfm
    union all
    select
        person_key,
        as_of_date,
        'order_count' as variable,
        order_count::double as measure
    from rfm
    union all
    select
        person_key,
        as_of_date,
        'monetary_amount' as variable,
        monetary_amount::double as measure
    from rfm
)

select * from ftr_person_measures
