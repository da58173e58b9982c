{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        on_schema_change='append_new_columns',
        full_refresh=false,
    )
}}

with
settled_edges as (
    select * from {{ ref('fit_settled_edges') }}
),

fit_thresholds as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        method,
        array_agg(edge order by edge_number asc) as edges,
        array_agg(raw_edge order by edge_number asc) as raw_edges,
        array_agg(smoothed_edge order by edge_number asc) as smoothed_edges,
        array_agg(previous_edge order by edge_number asc) filter (
            where previous_on is not null
        ) as previous_edges,
        any_value(previous_on) as previous_on,
        any_value(sample_size) as sample_size,
        {{ threshold_reason() }} as reason
    from settled_edges
    group by variable, scope, scope_value, as_of_date, method
)

select * from fit_thresholds
