with
moved_edges as (
    select * from {{ ref('fit_moved_edges') }}
),

value_counts as (
    select * from {{ ref('fit_value_counts') }}
),

neighbours as (
    select
        moved_edges.variable,
        moved_edges.scope,
        moved_edges.scope_value,
        moved_edges.edge_number,
        max(value_counts.measure) filter (
            where value_counts.measure <= moved_edges.smoothed_edge
        ) as value_below,
        min(value_counts.measure) filter (
            where value_counts.measure > moved_edges.smoothed_edge
        ) as value_above
    from moved_edges
    inner join value_counts
        on
            moved_edges.variable = value_counts.variable
            and moved_edges.scope = value_counts.scope
            and moved_edges.scope_value = value_counts.scope_value
    group by
        moved_edges.variable,
        moved_edges.scope,
        moved_edges.scope_value,
        moved_edges.edge_number
),

-- An edge is put on the nearest value that somebody has, so that an edge of orders on
-- its way from 2 to 3 changes scores once. That is a little past half way, lest an edge
-- that rests between two values goes to and fro; edges that thereby cross are one.
-- Averages are no such values, and below all values there is none.
fit_settled_edges as (
    select
        moved_edges.*,
        max(case
            when
                moved_edges.method = 'moving_average' or neighbours.value_below is null
                then moved_edges.smoothed_edge
            when
                moved_edges.previous_settled_edge
                in (neighbours.value_below, neighbours.value_above)
                and abs(moved_edges.smoothed_edge - moved_edges.previous_settled_edge)
                <= 0.6 * (neighbours.value_above - neighbours.value_below)
                then moved_edges.previous_settled_edge
            when
                neighbours.value_above is null
                or moved_edges.smoothed_edge - neighbours.value_below
                <= neighbours.value_above - moved_edges.smoothed_edge
                then neighbours.value_below
            else neighbours.value_above
        end) over (
            partition by
                moved_edges.variable, moved_edges.scope, moved_edges.scope_value
            order by moved_edges.edge_number asc
        ) as edge
    from moved_edges
    inner join neighbours
        on
            moved_edges.variable = neighbours.variable
            and moved_edges.scope = neighbours.scope
            and moved_edges.scope_value = neighbours.scope_value
            and moved_edges.edge_number = neighbours.edge_number
)

select * from fit_settled_edges
