{%- set policy = var('refit') -%}
{%- set fewest = var('minimum_segment_count') -%}
{%- set most = var('maximum_segment_count') -%}

with
figures as (
    select * from {{ ref('fit_refit_figures') }}
),

-- A trial that was not promoted counts as one: a model that stays is not tried anew
-- each night.
judged as (
    select
        *,
        case
            when '{{ policy }}' not in ('auto', 'always', 'never')
                then {{ refused('The var `refit` should be auto, always or never.') }}
            when person_count = 0 then 'nobody'
            when former_fitted_on is null then 'first'
            when '{{ policy }}' != 'auto' then '{{ policy }}'
            when changed_features is not null then 'registry'
            when quiet_days >= {{ var('refit_every_days') }} then 'age'
            when quiet_days < {{ var('refit_least_days') }} then 'rest'
            when
                former_segment_count > 1
                and former_segment_count not between {{ fewest }} and {{ most }}
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
                then
                    'The registry clusters on other features: '
                    || changed_features || '.'
            when 'age' then 'The last fit was ' || quiet_days || ' days ago.'
            when 'limits'
                then
                    'The model has ' || former_segment_count || ' segments, asked are '
                    || '{{ fewest }} to {{ most }}.'
            when 'drift'
                then
                    'Persons have changed: the stability index of '
                    || drifted_feature || ' is ' || round(largest_drift, 2)
                    || ', above ' || {{ var('refit_drift_limit') }} || '.'
            else
                'Fitted ' || quiet_days || ' days ago, and no need to before '
                || {{ var('refit_every_days') }} || '.'
        end as reason,
        former_fitted_on,
        quiet_days::integer as quiet_days,
        drifted_feature,
        largest_drift
    from judged
)

select * from fit_refit_decision
