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
        ) as value_above,
        min_by(value_counts.person_count, value_counts.measure) filter (
            where value_counts.measure > moved_edges.smoothed_edge
        ) as persons_above
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

-- All who have the value above change their score at once when an edge goes over it.
-- The more they are, the longer edges have to be found past it: a night for each
-- hundredth of the persons, ten at most, so that a step is followed within ten nights.
held as (
    select
        moved_edges.*,
        neighbours.value_below,
        neighbours.value_above,
        moved_edges.past_nights
        < least(
            10,
            100.0 * coalesce(neighbours.persons_above, 0) / moved_edges.sample_size
        ) as is_held
    from moved_edges
    inner join neighbours
        on
            moved_edges.variable = neighbours.variable
            and moved_edges.scope = neighbours.scope
            and moved_edges.scope_value = neighbours.scope_value
            and moved_edges.edge_number = neighbours.edge_number
),

-- An edge is put on the nearest value that somebody has, so that an edge of orders on
-- its way from 2 to 3 changes scores once. That is a little past half way, lest an edge
-- that rests between two values goes to and fro; edges that thereby cross are one.
-- Averages are no such values, and below all values there is none.
fit_settled_edges as (
    select
        * exclude (value_below, value_above, is_held),
        max(case
            when method = 'moving_average' or value_below is null then smoothed_edge
            when
                previous_settled_edge in (value_below, value_above)
                and (
                    is_held
                    or abs(smoothed_edge - previous_settled_edge)
                    <= 0.6 * (value_above - value_below)
                )
                then previous_settled_edge
            when
                value_above is null
                or smoothed_edge - value_below <= value_above - smoothed_edge
                then value_below
            else value_above
        end) over (
            partition by variable, scope, scope_value
            order by edge_number asc
        ) as edge
    from held
)

select * from fit_settled_edges
