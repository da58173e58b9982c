{{ config(materialized='view') }}

with
measures as (
    select * from {{ ref('ftr_person_measures') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

thresholds as (
    select * from {{ ref('fit_thresholds') }}
),

tonight as (
    select thresholds.*
    from thresholds
    inner join clock
        on thresholds.as_of_date = clock.as_of_date
),

-- A stage or region with too few persons has no edges: those of everybody stand in.
edged as (
    select
        measures.*,
        coalesce(own_edges.scope_value, general_edges.scope_value)
            as edges_scope_value,
        coalesce(own_edges.edges, general_edges.edges) as edges
    from measures
    left join tonight as own_edges
        on
            measures.variable = own_edges.variable
            and measures.scope = own_edges.scope
            and measures.scope_value = own_edges.scope_value
    left join tonight as general_edges
        on
            measures.variable = general_edges.variable
            and general_edges.scope = 'all'
),

-- The larger the value, the higher the score; but few days since the last order are a
-- high recency.
seg_variable_scores as (
    select
        person_key,
        as_of_date,
        variable,
        scope,
        edges_scope_value,
        measure,
        case
            when variable = 'recency_days'
                then len(edges) + 1 - {{ count_below('edges', 'measure') }}
            else 1 + {{ count_below('edges', 'measure') }}
        end::integer as score
    from edged
)

select * from seg_variable_scores
