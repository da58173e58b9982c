with
versions as (
    select * from {{ ref('fit_versions') }}
),

fct_model_versions as (
    select
        model_version,
        'behaviour' as segmentation,
        algorithm,
        segment_count,
        feature_count,
        component_count,
        explained_variance_share,
        sample_size,
        silhouette,
        davies_bouldin,
        reason,
        fitted_on,
        'champion' as status
    from versions
)

select * from fct_model_versions
