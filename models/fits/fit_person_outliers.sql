{%- set watched = watched_features(ref('outliers')) -%}

with
matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

bounds as (
    select * from {{ ref('fit_outlier_bounds') }}
    where lower_bound is not null
),

measures as (
    select * from {{ unpivoted('matrix', watched) }}
    where {{ is_finite('measure') }}
),

fit_person_outliers as (
    select
        measures.person_key,
        bounds.variable,
        bounds.as_of_date,
        measures.measure,
        bounds.lower_bound,
        bounds.upper_bound,
        bounds.action
    from measures
    inner join bounds
        on measures.variable = bounds.variable
    where
        measures.measure < bounds.lower_bound
        or measures.measure > bounds.upper_bound
)

select * from fit_person_outliers
