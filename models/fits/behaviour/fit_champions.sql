{%- set fewest = var('minimum_segment_count') -%}
{%- set most = var('maximum_segment_count') -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('as_of_date', ref('fit_rivals')) }}",
    )
}}

with
rivals as (
    select * from {{ ref('fit_rivals') }}
    where former_fitted_on is not null or tried_on is not null
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
                and former_segment_count not between {{ fewest }} and {{ most }}
                then 'limits'
            when silhouette_difference < -standard_error then 'separation'
            -- A single segment is always found again, which says nothing for it.
            when
                coalesce(former_segment_count, 0) != 1
                and stability
                < former_stability - {{ var('promotion_stability_margin') }}
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
                then
                    'Not promoted: fitted on ' || sample_size || ' persons, the model '
                    || 'in use on ' || former_sample_size || '.'
            when 'limits'
                then
                    'Promoted: the model in use has ' || former_segment_count
                    || ' segments, asked are {{ fewest }} to '
                    || '{{ most }}.'
            when 'separation'
                then
                    'Not promoted: it parts tonight''s persons worse, with a '
                    || 'silhouette of ' || round(silhouette, 3) || ' against '
                    || round(former_silhouette, 3) || '.'
            when 'stability'
                then
                    'Not promoted: its segments are less stable, '
                    || round(stability, 2) || ' against ' || round(former_stability, 2)
                    || '.'
            else
                'Promoted: it parts tonight''s persons as well or better, with a '
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
