{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

persons as (
    select * from {{ ref('seg_rfm_scores') }}
),

champions as (
    select champions.*
    from {{ ref('fit_centroids_in_use') }} as champions
    inner join clock
        on champions.as_of_date = clock.as_of_date
    where champions.is_changed
),

keys as (
    select * from {{ ref('fit_segment_keys') }}
),

former_keys as (
    select keys.*
    from keys
    inner join champions
        on keys.fitted_on = champions.former_fitted_on
),

new_keys as (
    select keys.*
    from keys
    inner join champions
        on keys.fitted_on = champions.fitted_on
),

old_model as (
    select
        scores.person_key,
        former_keys.segment_key
    from {{ ref('seg_former_model_scores') }} as scores
    inner join former_keys
        on scores.segment_number = former_keys.segment_number
),

new_model as (
    select
        scores.person_key,
        new_keys.segment_key
    from {{ ref('seg_former_feature_scores') }} as scores
    inner join new_keys
        on scores.segment_number = new_keys.segment_number
),

-- Whoever a model does not score has bought nothing by then.
seg_counterfactual_leaders as (
    select
        persons.person_key,
        coalesce(old_model.segment_key, 'behaviour-no-purchase')
            as old_model_segment_key,
        coalesce(new_model.segment_key, 'behaviour-no-purchase')
            as new_model_segment_key
    from persons
    cross join champions
    left join old_model
        on persons.person_key = old_model.person_key
    left join new_model
        on persons.person_key = new_model.person_key
)

select * from seg_counterfactual_leaders
