{{ config(materialized='view') }}

with
matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

scored_variables as (
    select variable
    from {{ ref('thresholds') }}
    group by variable
),

measures as (
    select *
    from {{ unpivoted('matrix') }}
    where {{ is_finite('measure') }}
),

ftr_person_measures as (
    select
        measures.person_key,
        measures.as_of_date,
        measures.variable,
        measures.measure
    from measures
    inner join scored_variables
        on measures.variable = scored_variables.variable
)

select * from ftr_person_measures
