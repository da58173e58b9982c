with
scaling as (
    select * from {{ ref('fit_feature_scaling') }}
),

components as (
    select * from {{ ref('fit_components') }}
),

axes as (
    select * from {{ ref('fit_axes') }}
),

directions as (
    select
        fitted_on,
        'component' as term_kind,
        component,
        feature,
        feature_number,
        weight_value,
        feature_mean
    from components
    union all
    select
        fitted_on,
        'axis' as term_kind,
        component,
        feature,
        feature_number,
        weight_value,
        feature_mean
    from axes
),

-- Standardising and projecting are one affine map per component, and per axis.
fit_axis_terms as (
    select
        directions.fitted_on,
        directions.term_kind,
        directions.component,
        directions.feature_number,
        directions.weight_value * scaling.weight / scaling.scale as slope,
        -directions.weight_value * (
            scaling.weight * scaling.center / scaling.scale + directions.feature_mean
        ) as intercept
    from directions
    inner join scaling
        on
            directions.fitted_on = scaling.fitted_on
            and directions.feature = scaling.feature
)

select * from fit_axis_terms
