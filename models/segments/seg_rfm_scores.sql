with
persons as (
    select * from {{ ref('int_persons') }}
),

-- Cookies that nothing ties to somebody are in no segment.
known_persons as (
    select * from {{ ref('int_person_sources') }}
    where is_known
),

clock as (
    select * from {{ ref('int_clock') }}
),

rfm as {{ inlined() }} (
    select * from {{ ref('ftr_person_rfm') }}
),

thresholds as (
    select * from {{ ref('fit_thresholds') }}
    where scope = 'all'
),

-- One row with the edges of tonight.
edges as (
    select
        any_value(thresholds.edges) filter (
            where thresholds.variable = 'recency_days'
        ) as recency_edges,
        any_value(thresholds.edges) filter (
            where thresholds.variable = 'order_count'
        ) as frequency_edges,
        any_value(thresholds.edges) filter (
            where thresholds.variable = 'monetary_amount'
        ) as monetary_edges
    from thresholds
    inner join clock
        on thresholds.as_of_date = clock.as_of_date
),

-- A value on an edge belongs below it, so equal values have equal scores. Few days
-- since the last order score high. Whoever never bought scores 0.
scored as (
    select
        rfm.person_key,
        len(edges.recency_edges) + 1
        - {{ count_below('edges.recency_edges', 'rfm.recency_days') }}
            as recency_score,
        1 + {{ count_below('edges.frequency_edges', 'rfm.order_count') }}
            as frequency_score,
        1 + {{ count_below('edges.monetary_edges', 'rfm.monetary_amount') }}
            as monetary_score
    from rfm
    cross join edges
),

seg_rfm_scores as (
    select
        persons.person_key,
        clock.as_of_date,
        rfm.recency_days::bigint as recency_days,
        coalesce(rfm.order_count, 0)::bigint as frequency_count,
        coalesce(rfm.monetary_amount, 0)::decimal(18, 2) as monetary_amount,
        coalesce(scored.recency_score, 0)::integer as recency_score,
        coalesce(scored.frequency_score, 0)::integer as frequency_score,
        coalesce(scored.monetary_score, 0)::integer as monetary_score
    from persons
    semi join known_persons
        on persons.person_key = known_persons.person_key
    cross join clock
    left join rfm
        on persons.person_key = rfm.person_key
    left join scored
        on persons.person_key = scored.person_key
)

select * from seg_rfm_scores
