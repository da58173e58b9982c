{%- set watched = watched_features(ref('outliers')) -%}

with
rules as (
    select * from {{ ref('outliers') }}
    where level = 'person'
),

clock as (
    select * from {{ ref('int_clock') }}
),

matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

measures as (
    select
        variable,
        measure
    from {{ unpivoted('matrix', watched) }}
    where {{ is_finite('measure') }}
),

scaled as (
    select
        rules.*,
        case
            when rules.transform = 'log1p' then ln(1 + greatest(measures.measure, 0))
            else measures.measure
        end as scaled
    from rules
    left join measures
        on rules.variable = measures.variable
),

spreads as (
    select
        variable,
        method,
        factor,
        minimum_sample,
        transform,
        action,
        count(scaled) as sample_size,
        {{ outlier_statistic('lower_center') }} as lower_center,
        {{ outlier_statistic('upper_center') }} as upper_center,
        {{ outlier_statistic('spread') }} as spread
    from scaled
    group by variable, method, factor, minimum_sample, transform, action
),

fit_outlier_bounds as (
    select
        spreads.variable,
        clock.as_of_date,
        spreads.method,
        spreads.action,
        {{ outlier_bound('lower') }} as lower_bound,
        {{ outlier_bound('upper') }} as upper_bound,
        spreads.sample_size,
        {{ outlier_reason() }} as reason
    from spreads
    cross join clock
)

select * from fit_outlier_bounds
