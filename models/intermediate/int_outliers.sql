with
measures as (
    select * from {{ ref('int_outlier_measures') }}
    where {{ is_finite('measure') }}
),

bounds as (
    select * from {{ ref('int_outlier_bounds') }}
    where lower_bound is not null
),

int_outliers as (
    select
        bounds.level,
        measures.entity_key,
        bounds.variable,
        measures.order_id,
        bounds.as_of_date,
        measures.measure,
        bounds.lower_bound,
        bounds.upper_bound,
        bounds.action
    from measures
    inner join bounds
        on
            measures.level = bounds.level
            and measures.variable = bounds.variable
    where
        measures.measure < bounds.lower_bound
        or measures.measure > bounds.upper_bound
)

select * from int_outliers
