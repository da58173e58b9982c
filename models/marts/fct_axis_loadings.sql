with
components as (
    select * from {{ ref('fit_components') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

fct_axis_loadings as (
    select
        versions.model_version,
        components.component::integer as axis,
        components.axis_name,
        components.feature,
        components.loading,
        components.explained_variance_share
    from components
    cross join versions
)

select * from fct_axis_loadings
