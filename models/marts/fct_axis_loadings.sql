with
axes as (
    select * from {{ ref('fit_axes') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

fct_axis_loadings as (
    select
        versions.model_version,
        axes.component::integer as axis,
        axes.axis_name,
        axes.feature,
        axes.loading,
        axes.explained_variance_share
    from axes
    inner join versions
        on axes.fitted_on = versions.fitted_on
)

select * from fct_axis_loadings
