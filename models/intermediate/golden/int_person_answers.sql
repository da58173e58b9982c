with
responses as (
    select * from {{ ref('stg_survey__responses') }}
    where answer is not null
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
    where source_name = 'survey'
),

clock as (
    select * from {{ ref('int_clock') }}
),

latest as (
    select
        person_profiles.person_key,
        responses.*
    from responses
    cross join clock
    inner join person_profiles
        on responses.respondent_id = person_profiles.profile_id
    where responses.answered_at::date <= clock.as_of_date
    qualify row_number() over (
        partition by
            person_profiles.person_key, responses.survey_id, responses.question_id
        order by responses.answered_at desc, responses.response_id desc
    ) = 1
),

-- A figure means something only between the two ends of a scale; words have none.
int_person_answers as (
    select
        person_key,
        survey_id,
        question_id,
        answer,
        case
            when scale_minimum < scale_maximum
                then
                    (try_cast(answer as double) - scale_minimum)
                    / (scale_maximum - scale_minimum)
        end as answer_score,
        answered_at
    from latest
)

select * from int_person_answers
