with
candidates as (
    select * from {{ ref('fit_candidates') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

fct_model_candidates as (
    select
        versions.model_version,
        candidates.algorithm,
        candidates.segment_count::integer as segment_count,
        candidates.is_scorable,
        candidates.inertia,
        candidates.silhouette,
        candidates.silhouette_low,
        candidates.silhouette_high,
        candidates.davies_bouldin,
        candidates.calinski_harabasz,
        candidates.dunn,
        candidates.gap,
        candidates.gap_error,
        candidates.coverage,
        candidates.agreement,
        candidates.stability,
        candidates.subsample_stability,
        candidates.seed_stability,
        candidates.held_out_agreement,
        candidates.is_elbow,
        candidates.is_leading,
        candidates.is_chosen,
        candidates.reason
    from candidates
    inner join versions
        on candidates.fitted_on = versions.fitted_on
)

select * from fct_model_candidates
