with
decision as (
    select * from {{ ref('fit_refit_decision') }}
    where is_due
),

candidates as (
    select candidates.*
    from {{ ref('fit_candidates') }} as candidates
    inner join decision
        on candidates.fitted_on = decision.as_of_date
    where candidates.is_chosen
),

scaling as (
    select scaling.*
    from {{ ref('fit_feature_scaling') }} as scaling
    inner join decision
        on scaling.fitted_on = decision.as_of_date
),

components as (
    select components.*
    from {{ ref('fit_components') }} as components
    inner join decision
        on components.fitted_on = decision.as_of_date
),

sample_rows as (
    select * from {{ ref('fit_learning_sample') }}
),

features as (
    select
        count(*) filter (where is_used) as feature_count,
        string_agg(
            feature || center || scale || imputed_value, ',' order by feature asc
        ) as feature_parameters
    from scaling
),

axes as (
    select
        component,
        any_value(explained_variance_share) as explained_variance_share
    from components
    group by component
),

axis_totals as (
    select
        count(*) as component_count,
        sum(explained_variance_share order by component asc)
            as explained_variance_share
    from axes
),

sample_totals as (
    select count(*) as sample_size from sample_rows
),

-- The version carries a mark of its parameters: equal fits have equal names.
fit_versions as (
    select
        'behaviour-' || candidates.fitted_on || '-' || left(
            md5(features.feature_parameters || candidates.centroids::varchar), 8
        ) as model_version,
        candidates.algorithm,
        candidates.segment_count::integer as segment_count,
        features.feature_count::integer as feature_count,
        axis_totals.component_count::integer as component_count,
        coalesce(axis_totals.explained_variance_share, 0)::double
            as explained_variance_share,
        sample_totals.sample_size,
        candidates.silhouette,
        candidates.davies_bouldin,
        candidates.reason,
        decision.reason as refit_reason,
        candidates.fitted_on
    from candidates
    inner join decision
        on candidates.fitted_on = decision.as_of_date
    cross join features
    cross join axis_totals
    cross join sample_totals
)

select * from fit_versions
