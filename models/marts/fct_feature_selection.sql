with
selection as (
    select * from {{ ref('fit_feature_selection') }}
),

registry as (
    select * from {{ ref('features') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

fct_feature_selection as (
    select
        versions.model_version,
        selection.feature,
        registry.family,
        registry.unit,
        registry.window_days::integer as window_days,
        registry.transform,
        selection.is_kept,
        selection.reason,
        selection.missing_share,
        selection.variance,
        selection.top_value_share,
        selection.nearest_feature,
        selection.nearest_correlation,
        selection.component_contribution
    from selection
    inner join registry
        on selection.feature = registry.feature
    inner join versions
        on selection.fitted_on = versions.fitted_on
)

select * from fct_feature_selection
