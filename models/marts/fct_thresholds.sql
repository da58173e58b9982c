with
thresholds as (
    select * from {{ ref('fit_thresholds') }}
),

fct_thresholds as (
    select
        variable,
        scope,
        -- Nights from before there were scope values and smoothing have neither.
        coalesce(scope_value, 'all') as scope_value,
        as_of_date,
        method,
        edges,
        coalesce(raw_edges, edges) as raw_edges,
        previous_edges,
        previous_on,
        sample_size,
        reason
    from thresholds
)

select * from fct_thresholds
