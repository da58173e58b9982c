with
responses as (
    select * from {{ source('survey', 'responses') }}
    where {{ in_new_load('survey', 'responses') }}
),

normalised as (
    select
        nullif(trim(response_id), '') as response_id,
        nullif(trim(question_id), '') as question_id,
        nullif(trim(survey_id), '') as survey_id,
        nullif(trim(respondent_id), '') as respondent_id,
        answered_at,
        {{ normalised_text('question_text') }} as question_text,
        {{ normalised_text('answer') }} as answer,
        scale_minimum,
        scale_maximum,
        {{ normalised_email('email') }} as email,
        nullif(lower(trim(email_sha256)), '') as email_sha256,
        {{ given_columns(['email']) }} as given_columns,
        {{ content_hash('survey', 'responses') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from responses
),

judged as (
    select
        *,
        {{ first_broken_rule('survey', 'responses', [
            (
                'answer_out_of_scale', 'answer',
                'try_cast(answer as double) not between scale_minimum and scale_maximum',
            ),
            later_than_its_load('answered_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['response_id', 'question_id']) }}
),

stg_survey__responses_judged as (
    select
        *,
        {{ row_verdict(['response_id', 'question_id']) }} as row_verdict
    from versions
)

select * from stg_survey__responses_judged
