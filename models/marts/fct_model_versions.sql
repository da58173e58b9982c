with
versions as (
    select * from {{ ref('fit_versions') }}
),

champions as (
    select * from {{ ref('fit_champions') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

reigns as (
    select
        fitted_on,
        min(as_of_date) as champion_from,
        max(as_of_date) as champion_until
    from champions
    group by fitted_on
),

trials as (
    select
        tried_on,
        is_promoted,
        reason
    from champions
    where tried_on is not null
),

fct_model_versions as (
    select
        versions.model_version,
        'behaviour' as segmentation,
        versions.algorithm,
        versions.segment_count,
        versions.feature_count,
        versions.component_count,
        versions.explained_variance_share,
        versions.sample_size,
        versions.silhouette,
        versions.davies_bouldin,
        versions.reason,
        versions.refit_reason,
        trials.reason as promotion_reason,
        versions.fitted_on,
        case
            when reigns.champion_until = clock.as_of_date then 'champion'
            when trials.is_promoted then 'retired'
            else 'challenger'
        end as status,
        reigns.champion_from,
        case
            when reigns.champion_until < clock.as_of_date then reigns.champion_until
        end as champion_until
    from versions
    cross join clock
    left join reigns
        on versions.fitted_on = reigns.fitted_on
    left join trials
        on versions.fitted_on = trials.tried_on
)

select * from fct_model_versions
