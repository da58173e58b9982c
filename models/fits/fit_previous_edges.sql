with
history as (
    {{ remembered_thresholds() | indent(4) }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- Never this night, which may be built again, nor a later one.
nights as (
    select
        history.variable,
        history.scope,
        history.scope_value,
        history.as_of_date,
        history.method,
        len(history.edges) + 1 as bin_count,
        unnest(range(1, len(history.edges) + 1))::bigint as edge_number,
        unnest(history.edges) as edge,
        unnest(history.raw_edges) as raw_edge,
        unnest(history.smoothed_edges) as smoothed_edge,
        (list_max(history.smoothed_edges) - list_min(history.smoothed_edges))
        / greatest(len(history.edges) - 1, 1) as mean_distance
    from history
    inner join clock
        on history.as_of_date < clock.as_of_date
),

fit_previous_edges as (
    select
        variable,
        scope,
        scope_value,
        max(as_of_date) as as_of_date,
        max_by(method, as_of_date) as method,
        max_by(bin_count, as_of_date) as bin_count,
        edge_number,
        max_by(edge, as_of_date) as edge,
        max_by(smoothed_edge, as_of_date) as smoothed_edge,
        max_by(mean_distance, as_of_date) as mean_distance,
        max(as_of_date) filter (where raw_edge <= edge) as last_not_above_on,
        max(as_of_date) filter (where raw_edge >= edge) as last_not_below_on
    from nights
    group by variable, scope, scope_value, edge_number
    -- Once there were more groups: an edge that the last night lacks is none.
    qualify
        max(as_of_date)
        = max(max(as_of_date)) over (partition by variable, scope, scope_value)
)

select * from fit_previous_edges
