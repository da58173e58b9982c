with
history as (
    {{ remembered_thresholds() | indent(4) }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- Never this night, which may be built again, nor a later one.
last_nights as (
    select history.*
    from history
    inner join clock
        on history.as_of_date < clock.as_of_date
    qualify row_number() over (
        partition by history.variable, history.scope, history.scope_value
        order by history.as_of_date desc
    ) = 1
),

fit_previous_edges as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        method,
        len(edges) + 1 as bin_count,
        unnest(range(1, len(edges) + 1))::bigint as edge_number,
        unnest(edges) as edge,
        unnest(smoothed_edges) as smoothed_edge,
        (list_max(smoothed_edges) - list_min(smoothed_edges))
        / greatest(len(edges) - 1, 1) as mean_distance
    from last_nights
)

select * from fit_previous_edges
