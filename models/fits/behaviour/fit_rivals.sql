{{ config(materialized='view') }}

with
former_model as (
    select * from {{ ref('fit_former_model') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

comparisons as (
    select * from {{ ref('fit_comparisons') }}
),

traits as (
    select * from {{ ref('fit_segment_traits') }}
),

segments as (
    select * from {{ ref('fit_centroids') }}
),

stabilities as (
    select
        segments.fitted_on,
        sum(traits.stability * segments.person_share) as stability
    from segments
    inner join traits
        on
            segments.fitted_on = traits.fitted_on
            and segments.segment_number = traits.segment_number
    group by segments.fitted_on
),

fit_rivals as (
    select
        former_model.as_of_date,
        former_model.fitted_on as former_fitted_on,
        former_model.segment_count as former_segment_count,
        tonight.fitted_on as tried_on,
        tonight.sample_size,
        former.sample_size as former_sample_size,
        tonights.stability,
        before.stability as former_stability,
        comparisons.silhouette,
        comparisons.former_silhouette,
        comparisons.silhouette_difference,
        comparisons.standard_error
    from former_model
    left join versions as tonight
        on former_model.as_of_date = tonight.fitted_on
    left join versions as former
        on former_model.fitted_on = former.fitted_on
    left join stabilities as tonights
        on former_model.as_of_date = tonights.fitted_on
    left join stabilities as before
        on former_model.fitted_on = before.fitted_on
    left join comparisons
        on former_model.as_of_date = comparisons.fitted_on
)

select * from fit_rivals
