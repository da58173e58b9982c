with
axes as (
    select * from {{ ref('fit_axes') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

labels as (
    select * from {{ ref('ftr_feature_labels') }}
),

fct_axis_loadings as (
    select
        versions.model_version,
        axes.component::integer as axis,
        axes.axis_name,
        axes.feature,
        labels.feature_label,
        labels.feature_label_fr,
        labels.unit as feature_unit,
        axes.loading,
        axes.explained_variance_share
    from axes
    inner join versions
        on axes.fitted_on = versions.fitted_on
    left join labels
        on axes.feature = labels.feature
)

select * from fct_axis_loadings
