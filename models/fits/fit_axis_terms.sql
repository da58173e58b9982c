with
scaling as (
    select * from {{ ref('fit_feature_scaling') }}
),

components as (
    select * from {{ ref('fit_components') }}
),

-- Standardising and projecting are one affine map per axis.
fit_axis_terms as (
    select
        components.component,
        components.feature_number,
        components.weight_value * scaling.weight / scaling.scale as slope,
        -components.weight_value * (
            scaling.weight * scaling.center / scaling.scale + components.feature_mean
        ) as intercept
    from components
    inner join scaling
        on components.feature = scaling.feature
)

select * from fit_axis_terms
