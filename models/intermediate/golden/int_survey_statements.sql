{{ config(materialized='view') }}

with
responses as (
    select * from {{ ref('stg_survey__responses') }}
    where respondent_id in (
        select touched.profile_id from {{ ref('int_touched_profiles') }} as touched
        where touched.source_name = 'survey'
    )
),

survey_attributes as (
    select * from {{ ref('survey_attributes') }}
),

countries as (
    select * from {{ ref('countries') }}
),

languages as (
    select * from {{ ref('languages') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

told as (
    select
        responses.*,
        responses.respondent_id as profile_id,
        responses.answered_at as said_at
    from responses
    cross join clock
    where responses.answered_at::date <= clock.as_of_date
),

mapped as (
    select
        told.*,
        survey_attributes.attribute
    from told
    inner join survey_attributes
        on
            told.survey_id = survey_attributes.survey_id
            and told.question_id = survey_attributes.question_id
),

normalised as (
    select
        mapped.profile_id,
        mapped.response_id,
        mapped.attribute,
        mapped.said_at,
        case mapped.attribute
            when 'sex' then {{ sex_code('mapped.answer') }}
            when 'birth_date' then ({{ date_value('mapped.answer') }})::varchar
            when 'age_band' then {{ normalised_age_band('mapped.answer') }}
            when 'postcode'
                then {{ postcode(
                    'mapped.answer', "'" ~ var('default_country_code') ~ "'"
                ) }}
            when 'country_code' then countries.country_code
            when 'language_code' then languages.language_code
            when 'marital_status' then lower({{ normalised_text('mapped.answer') }})
            when 'home_ownership' then lower({{ normalised_text('mapped.answer') }})
            else {{ normalised_text('mapped.answer') }}
        end as attribute_value
    from mapped
    left join countries
        on {{ folded_text('mapped.answer') }} = countries.spelling
    left join languages
        on {{ language_key('mapped.answer') }} = languages.spelling
    union all
    select
        profile_id,
        response_id,
        attribute,
        said_at,
        attribute_value
    from told unpivot (attribute_value for attribute in (email, email_sha256))
),

int_survey_statements as (
    select
        profile_id,
        attribute,
        attribute_value,
        said_at
    from normalised
    where attribute_value is not null
    qualify row_number() over (
        partition by profile_id, attribute
        order by said_at desc, response_id desc, attribute_value asc
    ) = 1
)

select * from int_survey_statements
