{% set past_ever = 10000 -%}

with
clock as (
    select * from {{ ref('int_clock') }}
),

rules as (
    select * from {{ ref('thresholds') }}
),

statistics as (
    select * from {{ ref('fit_measure_statistics') }}
),

found_edges as (
    select * from {{ ref('fit_quantile_edges') }}
    union all
    select * from {{ ref('fit_moving_edges') }}
    union all
    select * from {{ ref('fit_breaks') }}
),

previous as (
    select * from {{ ref('fit_previous_edges') }}
),

-- After a change of method or of groups the edges of before lead nowhere.
paired as (
    select
        rules.*,
        found_edges.scope_value,
        found_edges.edge_number,
        found_edges.edge as raw_edge,
        clock.as_of_date,
        statistics.sample_size,
        previous.as_of_date as previous_on,
        previous.smoothed_edge as previous_edge,
        previous.edge as previous_settled_edge,
        greatest(abs(previous.smoothed_edge), previous.mean_distance) as edge_scale,
        date_diff('day', previous.as_of_date, clock.as_of_date) as night_count,
        -- Without any such night the edge was past from the beginning.
        case
            when found_edges.edge > previous.edge
                then coalesce(
                    date_diff('day', previous.last_not_above_on, clock.as_of_date),
                    {{ past_ever }}
                )
            when found_edges.edge < previous.edge
                then coalesce(
                    date_diff('day', previous.last_not_below_on, clock.as_of_date),
                    {{ past_ever }}
                )
            else 0
        end as past_nights,
        statistics.sample_size < rules.minimum_sample
        and previous.as_of_date is not null as is_kept
    from found_edges
    inner join rules
        on
            found_edges.variable = rules.variable
            and found_edges.scope = rules.scope
    cross join clock
    inner join statistics
        on
            found_edges.variable = statistics.variable
            and found_edges.scope = statistics.scope
            and found_edges.scope_value = statistics.scope_value
            and clock.as_of_date = statistics.as_of_date
    left join previous
        on
            found_edges.variable = previous.variable
            and found_edges.scope = previous.scope
            and found_edges.scope_value = previous.scope_value
            and found_edges.edge_number = previous.edge_number
            and rules.method = previous.method
            and rules.bin_count = previous.bin_count
),

-- Too few persons of a stage or region have no edges of their own to begin with.
fit_moved_edges as (
    select
        *,
        case
            when is_kept then previous_edge
            else {{ edge_moved("'infinity'::double") }}
        end as unclamped_edge,
        case
            when is_kept then previous_edge
            else {{ edge_moved('maximum_change_share') }}
        end as smoothed_edge
    from paired
    where sample_size >= minimum_sample or scope = 'all' or is_kept
)

select * from fit_moved_edges
