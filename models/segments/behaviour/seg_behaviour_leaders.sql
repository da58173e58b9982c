{{ config(materialized='view') }}

with
persons as (
    select * from {{ ref('seg_rfm_scores') }}
),

scores as (
    select * from {{ ref('seg_behaviour_scores') }}
),

segments as (
    select * from {{ ref('fit_champion_segments') }}
),

-- No model decides about who never bought, so that is certain.
seg_behaviour_leaders as (
    select
        persons.person_key,
        persons.as_of_date,
        coalesce(segments.segment_key, 'behaviour-no-purchase') as segment_key,
        coalesce(scores.probability, 1)::double as probability,
        scores.probabilities
    from persons
    left join scores
        on persons.person_key = scores.person_key
    left join segments
        on scores.segment_number = segments.segment_number
)

select * from seg_behaviour_leaders
