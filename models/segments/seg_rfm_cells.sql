with
thresholds as (
    select * from {{ ref('thresholds') }}
    where scope = 'all'
),

rules as (
    select * from {{ ref('rfm_segments') }}
),

scores as (
    select
        variable,
        unnest(range(1, bin_count + 1))::integer as score
    from thresholds
),

cube as (
    select
        recency.score as recency_score,
        frequency.score as frequency_score,
        monetary.score as monetary_score
    from scores as recency
    cross join scores as frequency
    cross join scores as monetary
    where
        recency.variable = 'recency_days'
        and frequency.variable = 'order_count'
        and monetary.variable = 'monetary_amount'
    union all
    -- Whoever never bought stands outside the cube, in a cell of its own.
    select
        0 as recency_score,
        0 as frequency_score,
        0 as monetary_score
),

-- The first rule that holds wins, so a cell has one segment however rules overlap.
seg_rfm_cells as (
    select
        cube.recency_score,
        cube.frequency_score,
        cube.monetary_score,
        min_by(rules.segment_key, rules.priority) as segment_key,
        min(rules.priority)::integer as priority
    from cube
    left join rules
        on
            cube.recency_score between rules.recency_from and rules.recency_to
            and cube.frequency_score
            between rules.frequency_from and rules.frequency_to
            and cube.monetary_score between rules.monetary_from and rules.monetary_to
    group by cube.recency_score, cube.frequency_score, cube.monetary_score
)

select * from seg_rfm_cells
