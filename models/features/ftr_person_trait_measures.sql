{{ config(materialized='view') }}

with
answers as (
    select * from {{ ref('int_person_answers') }}
    where answer_score is not null
),

departments as (
    select * from {{ ref('int_person_departments') }}
),

brands as (
    select * from {{ ref('int_person_brands') }}
),

topics as (
    select * from {{ ref('int_person_topics') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- A question keeps its number from wave to wave: the last wave's answer stands.
scales as (
    select
        person_key,
        question_id,
        answer_score
    from answers
    qualify row_number() over (
        partition by person_key, question_id
        order by answered_at desc, survey_id desc
    ) = 1
),

measures as (
    select
        person_key,
        'question' as kind,
        question_id as trait,
        answer_score as measure
    from scales
    union all
    select
        person_key,
        'department' as kind,
        department as trait,
        line_count::double / sum(line_count) over (partition by person_key) as measure
    from departments
    union all
    select
        person_key,
        'brand' as kind,
        brand as trait,
        line_count::double / sum(line_count) over (partition by person_key) as measure
    from brands
    union all
    select
        person_key,
        'topic' as kind,
        topic as trait,
        event_count::double / sum(event_count) over (partition by person_key) as measure
    from topics
),

ftr_person_trait_measures as (
    select
        measures.person_key,
        clock.as_of_date,
        measures.kind,
        measures.trait,
        measures.measure
    from measures
    cross join clock
)

select * from ftr_person_trait_measures
