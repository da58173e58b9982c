{%- set policy = var('refit') -%}
{%- if policy not in ('auto', 'always', 'never') -%}
    {%- do exceptions.raise_compiler_error(
        "The var `refit` should be auto, always or never, found '" ~ policy ~ "'."
    ) -%}
{%- endif -%}

with
former_model as (
    select * from {{ ref('fit_former_model') }}
),

sample_rows as (
    select * from {{ ref('fit_sample') }}
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

figures as (
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
),

-- A trial that was not promoted counts as one: a model that stays is not tried anew
-- each night.
judged as (
    select
        *,
        case
            when person_count = 0 then 'nobody'
            when former_fitted_on is null then 'first'
            when '{{ policy }}' != 'auto' then '{{ policy }}'
            when changed_features is not null then 'registry'
            when quiet_days >= {{ var('refit_every_days') }} then 'age'
            when quiet_days < {{ var('refit_least_days') }} then 'rest'
            when
                former_segment_count > 1
                and former_segment_count not between
                {{ var('minimum_segment_count') }} and {{ var('maximum_segment_count') }}
                then 'limits'
            when largest_drift > {{ var('refit_drift_limit') }} then 'drift'
            else 'rest'
        end as cause
    from figures
),

fit_refit_decision as (
    select
        as_of_date,
        cause not in ('nobody', 'never', 'rest') as is_due,
        case cause
            when 'nobody' then 'Nobody has bought yet: there is nothing to fit.'
            when 'first' then 'There was no model.'
            when 'never' then 'The model stays: `refit` is never.'
            when 'always' then 'Refitted every night: `refit` is always.'
            when 'registry'
                then 'The registry clusters on other features: '
                || changed_features || '.'
            when 'age' then 'The last fit was ' || quiet_days || ' days ago.'
            when 'limits'
                then 'The model has ' || former_segment_count || ' segments, asked are '
                || '{{ var("minimum_segment_count") }} to '
                || '{{ var("maximum_segment_count") }}.'
            when 'drift'
                then 'Persons have changed: the stability index of '
                || drifted_feature || ' is ' || round(largest_drift, 2)
                || ', above ' || {{ var('refit_drift_limit') }} || '.'
            else 'Fitted ' || quiet_days || ' days ago, and no need to before '
                || {{ var('refit_every_days') }} || '.'
        end as reason,
        former_fitted_on,
        quiet_days::integer as quiet_days,
        drifted_feature,
        largest_drift
    from judged
)

select * from fit_refit_decision
