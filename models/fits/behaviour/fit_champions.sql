{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('as_of_date', ref('fit_former_model')) }}",
    )
}}

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

rivals as (
    select
        former_model.as_of_date,
        former_model.fitted_on as former_fitted_on,
        former_model.segment_count as former_segment_count,
        tonight.fitted_on as tried_on,
        tonight.sample_size,
        former.sample_size as former_sample_size,
        own.stability,
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
    left join stabilities as own
        on former_model.as_of_date = own.fitted_on
    left join stabilities as before
        on former_model.fitted_on = before.fitted_on
    left join comparisons
        on former_model.as_of_date = comparisons.fitted_on
    where former_model.fitted_on is not null or tonight.fitted_on is not null
),

-- The rule of docs/decisions.md, in its order.
judged as (
    select
        *,
        case
            when tried_on is null then 'kept'
            when former_fitted_on is null then 'first'
            when
                sample_size
                < {{ var('promotion_sample_share') }} * former_sample_size
                then 'sample'
            when
                former_segment_count > 1
                and former_segment_count not between
                {{ var('minimum_segment_count') }} and {{ var('maximum_segment_count') }}
                then 'limits'
            when silhouette_difference < -standard_error then 'separation'
            when stability < former_stability - {{ var('promotion_stability_margin') }}
                then 'stability'
            else 'promoted'
        end as verdict
    from rivals
),

fit_champions as (
    select
        as_of_date,
        case
            when verdict in ('first', 'limits', 'promoted') then tried_on
            else former_fitted_on
        end as fitted_on,
        former_fitted_on,
        tried_on,
        verdict in ('first', 'limits', 'promoted') as is_promoted,
        case verdict
            when 'kept' then 'No refit tonight.'
            when 'first' then 'The first model.'
            when 'sample'
                then 'Not promoted: fitted on ' || sample_size || ' persons, the model '
                || 'in use on ' || former_sample_size || '.'
            when 'limits'
                then 'Promoted: the model in use has ' || former_segment_count
                || ' segments, asked are {{ var("minimum_segment_count") }} to '
                || '{{ var("maximum_segment_count") }}.'
            when 'separation'
                then 'Not promoted: it parts tonight''s persons worse, with a '
                || 'silhouette of ' || round(silhouette, 3) || ' against '
                || round(former_silhouette, 3) || '.'
            when 'stability'
                then 'Not promoted: its segments are less stable, '
                || round(stability, 2) || ' against ' || round(former_stability, 2)
                || '.'
            else 'Promoted: it parts tonight''s persons as well or better, with a '
                || 'silhouette of ' || round(silhouette, 3) || ' against '
                || round(former_silhouette, 3) || ' and a stability of '
                || round(stability, 2) || ' against ' || round(former_stability, 2)
                || '.'
        end as reason,
        silhouette,
        former_silhouette,
        standard_error,
        stability,
        former_stability
    from judged
)

select * from fit_champions
