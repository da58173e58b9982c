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
        candidates.inertia,
        candidates.silhouette,
        candidates.davies_bouldin,
        candidates.is_elbow,
        candidates.is_chosen,
        candidates.reason
    from candidates
    cross join versions
)

select * from fct_model_candidates
