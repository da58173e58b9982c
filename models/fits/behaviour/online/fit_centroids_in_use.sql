{%- set policy = var('online') -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('as_of_date') }}",
    )
}}

with
champions as (
    select champions.*
    from {{ ref('fit_champions') }} as champions
    inner join {{ ref('int_clock') }} as clock
        on champions.as_of_date = clock.as_of_date
),

nights as (
    {{ remembered_rows('fits', 'fit_centroids_in_use', {
        'as_of_date': 'date', 'fitted_on': 'date', 'centroids_on': 'date',
        'parity_nights': 'integer',
    }) | indent(4) }}
),

before as (
    select
        champions.as_of_date,
        max_by(nights.centroids_on, nights.as_of_date) filter (
            where nights.fitted_on = champions.former_fitted_on
        ) as last_centroids_on,
        max_by(nights.parity_nights, nights.as_of_date) filter (
            where nights.fitted_on = champions.fitted_on
        ) as last_parity_nights
    from champions
    inner join nights
        on champions.as_of_date > nights.as_of_date
    group by champions.as_of_date
),

-- What the guard says, whatever the policy: the first limit that is broken.
judged as (
    select
        champions.as_of_date,
        champions.fitted_on,
        champions.former_fitted_on,
        trials.* exclude (as_of_date), -- noqa: RF02
        coalesce(before.last_centroids_on, champions.former_fitted_on)
            as former_centroids_on,
        case
            when coalesce(trials.online_on = champions.fitted_on, true) then 'none'
            when trials.agreement < {{ var('online_least_agreement') }} then 'agreement'
            when trials.distance_excess > {{ var('online_most_distance_excess') }}
                then 'distance'
            when trials.share_change > {{ var('online_most_share_change') }}
                then 'shares'
            else 'parity'
        end as guard,
        case
            when guard = 'parity' then coalesce(before.last_parity_nights, 0) + 1
            else 0
        end::integer as parity_nights,
        case
            when parity_nights > 0 and parity_nights < {{ var('online_parity_nights') }}
                then 'early'
            else guard
        end as verdict,
        case
            when '{{ policy }}' not in ('auto', 'shadow', 'never')
                then {{ refused('The var `online` should be auto, shadow or never.') }}
            when '{{ policy }}' = 'never' then 'never'
            when verdict = 'none' then 'fitted'
            when '{{ policy }}' = 'shadow' then 'shadow'
            when verdict = 'parity' then 'admitted'
            else 'refused'
        end as status
    from champions
    left join {{ ref('fit_online_trials') }} as trials
        on champions.as_of_date = trials.as_of_date
    left join before
        on champions.as_of_date = before.as_of_date
),

fit_centroids_in_use as (
    select
        * exclude (guard, verdict),
        case when status = 'admitted' then online_on else fitted_on end as centroids_on,
        coalesce(
            fitted_on != former_fitted_on or centroids_on != former_centroids_on, false
        ) as is_changed,
        {{ online_reason() | indent(8) }} as reason
    from judged
)

select * from fit_centroids_in_use
