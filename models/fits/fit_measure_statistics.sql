{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        full_refresh=false,
    )
}}

with
value_counts as (
    select * from {{ ref('fit_value_counts') }}
),

-- Sums of doubles depend on the order of their terms, so the terms have one.
sums as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        sum(person_count)::bigint as sample_size,
        sum(measure * person_count order by measure asc) as measure_sum,
        sum(measure * measure * person_count order by measure asc) as square_sum
    from value_counts
    group by variable, scope, scope_value, as_of_date
),

fit_measure_statistics as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        sample_size,
        measure_sum / sample_size as mean_measure,
        sqrt(
            greatest(0, square_sum / sample_size - power(measure_sum / sample_size, 2))
        ) as standard_deviation
    from sums
)

select * from fit_measure_statistics
