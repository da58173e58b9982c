{{ config(materialized='view') }}

with
former_model as (
    select * from {{ ref('fit_former_model') }}
),

sample_rows as (
    select * from {{ ref('fit_learning_sample') }}
),

registry as (
    select * from {{ ref('features') }}
    where is_clustered
),

scaling as (
    {{ remembered_rows('fits', 'fit_feature_scaling', {
        'fitted_on': 'date', 'feature': 'varchar',
    }) | indent(4) }}
),

drift as (
    select
        max(stability_index) as largest_drift,
        max_by(feature, stability_index) as drifted_feature
    from {{ ref('fit_feature_drift') }}
),

former_features as (
    select scaling.feature
    from scaling
    inner join former_model
        on scaling.fitted_on = former_model.fitted_on
),

changed_features as (
    select
        string_agg(
            coalesce(registry.feature, former_features.feature), ', '
            order by coalesce(registry.feature, former_features.feature) asc
        ) as changed_features
    from registry
    full outer join former_features
        on registry.feature = former_features.feature
    where registry.feature is null or former_features.feature is null
),

persons as (
    select count(*) as person_count from sample_rows
),

fit_refit_figures as (
    select
        former_model.as_of_date,
        former_model.fitted_on as former_fitted_on,
        former_model.as_of_date - former_model.tried_on as quiet_days,
        former_model.segment_count as former_segment_count,
        drift.largest_drift,
        drift.drifted_feature,
        changed_features.changed_features,
        persons.person_count
    from former_model
    cross join drift
    cross join changed_features
    cross join persons
)

select * from fit_refit_figures
