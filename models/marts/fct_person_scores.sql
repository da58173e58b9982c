with
rfm_scores as (
    select * from {{ ref('seg_rfm_scores') }}
),

behaviour_scores as (
    select * from {{ ref('seg_behaviour_scores') }}
),

fct_person_scores as (
    select
        rfm_scores.person_key,
        rfm_scores.as_of_date,
        rfm_scores.recency_days,
        rfm_scores.frequency_count,
        rfm_scores.monetary_amount,
        rfm_scores.recency_score,
        rfm_scores.frequency_score,
        rfm_scores.monetary_score,
        behaviour_scores.axis_1_score,
        behaviour_scores.axis_2_score
    from rfm_scores
    left join behaviour_scores
        on rfm_scores.person_key = behaviour_scores.person_key
)

select * from fct_person_scores
