with
statistics as (
    select * from {{ ref('fit_measure_statistics') }}
),

rules as (
    select * from {{ ref('thresholds') }}
    where method = 'moving_average'
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- The last nights up to tonight. Averages of doubles have an order, to be the same.
averages as (
    select
        rules.variable,
        rules.scope,
        statistics.scope_value,
        rules.bin_count,
        rules.deviations,
        avg(statistics.mean_measure order by statistics.as_of_date asc)
            as moving_mean,
        avg(statistics.standard_deviation order by statistics.as_of_date asc)
            as moving_deviation
    from rules
    cross join clock
    inner join statistics
        on
            rules.variable = statistics.variable
            and rules.scope = statistics.scope
            and date_diff('day', statistics.as_of_date, clock.as_of_date)
            between 0 and rules.window_days - 1
    group by
        rules.variable,
        rules.scope,
        statistics.scope_value,
        rules.bin_count,
        rules.deviations
),

edge_numbers as (
    select
        *,
        unnest(range(1, bin_count))::bigint as edge_number
    from averages
),

-- From `deviations` below the mean to as many above, at equal distances; a single edge
-- is the mean.
fit_moving_edges as (
    select
        variable,
        scope,
        scope_value,
        edge_number,
        moving_mean + moving_deviation * deviations * coalesce(
            2.0::double * (edge_number - 1) / nullif(bin_count - 2, 0) - 1, 0
        ) as edge
    from edge_numbers
)

select * from fit_moving_edges
