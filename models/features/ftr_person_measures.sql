{{ config(materialized='view') }}

with
matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

rules as (
    select * from {{ ref('thresholds') }}
),

lifecycle as (
    select * from {{ ref('ftr_person_lifecycle') }}
),

person_groups as (
    select * from {{ ref('ftr_person_groups') }}
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
        rules.scope,
        case rules.scope
            when 'lifecycle' then lifecycle.lifecycle_stage
            when 'region' then coalesce(person_groups.region, 'unknown')
            else 'all'
        end as scope_value,
        rules.method,
        measures.measure
    from measures
    inner join rules
        on measures.variable = rules.variable
    left join lifecycle
        on measures.person_key = lifecycle.person_key
    left join person_groups
        on measures.person_key = person_groups.person_key
)

select * from ftr_person_measures
