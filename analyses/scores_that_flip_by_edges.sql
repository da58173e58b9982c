-- How many scores would differ tonight if last night's edges stood, night by night?
-- Nobody did anything in between: only thresholds moved.
with
scores as (
    select * from {{ ref('fct_person_scores') }}
    where frequency_count > 0
),

thresholds as (
    select * from {{ ref('fct_thresholds') }}
    where scope = 'all'
),

measures as (
    select
        person_key,
        'recency_days' as variable,
        recency_days::double as measure
    from scores
    union all
    select
        person_key,
        'order_count' as variable,
        frequency_count::double as measure
    from scores
    union all
    select
        person_key,
        'monetary_amount' as variable,
        monetary_amount::double as measure
    from scores
),

nights as (
    select
        variable,
        as_of_date,
        edges,
        lag(edges) over (
            partition by variable order by as_of_date asc
        ) as last_edges
    from thresholds
),

rescored as (
    select
        measures.variable,
        measures.person_key,
        nights.as_of_date,
        {{ count_below('nights.edges', 'measures.measure') }}
        != {{ count_below('nights.last_edges', 'measures.measure') }} as is_flipped
    from measures
    inner join nights
        on measures.variable = nights.variable
    where nights.last_edges is not null
),

scores_that_flip_by_edges as (
    select
        variable,
        as_of_date,
        count(*) as person_count,
        avg(case when is_flipped then 1 else 0 end) as flipped_share
    from rescored
    group by variable, as_of_date
)

select * from scores_that_flip_by_edges
order by variable, as_of_date
