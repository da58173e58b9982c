with
responses as (
    select * from {{ ref('stg_survey__responses_judged') }}
    where row_verdict = 'kept'
),

stg_survey__responses as (
    select
        response_id,
        question_id,
        survey_id,
        respondent_id,
        answered_at,
        question_text,
        answer,
        scale_minimum,
        scale_maximum,
        email,
        email_sha256
    from responses
)

select * from stg_survey__responses
