with
measures as (
    select
        *,
        case
            when method = 'quantiles' then measure
            else {{ bucketed('measure') }}
        end as bucket
    from {{ ref('ftr_person_measures') }}
),

-- A bucket goes by the largest value that somebody in it has, so edges are such values.
fit_value_counts as (
    select
        variable,
        scope,
        scope_value,
        as_of_date,
        max(measure) as measure,
        count(*) as person_count
    from measures
    group by variable, scope, scope_value, as_of_date, bucket
)

select * from fit_value_counts
