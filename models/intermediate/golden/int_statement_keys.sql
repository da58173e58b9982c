{{ config(materialized='view') }}

{%- set told = [
    ('crm', 'contact_id', ['content_hash'], 'said_at'),
    ('shop', 'customer_id', ['content_hash', 'region'], 'ordered_at'),
    ('social', "platform || ':' || profile_id", ['content_hash'], 'first_seen_at'),
    ('web', 'visitor_id', ['country', 'region', 'event_count'], 'seen_on'),
    ('survey', 'respondent_id', ['content_hash'], 'answered_at'),
] %}

with
clock as (
    select * from {{ ref('int_clock') }}
),

crm as (
    select * from {{ ref('int_contacts_known') }}
),

orders as (
    select * from {{ ref('stg_shop__orders_judged') }}
    where row_verdict = 'kept' and customer_id is not null
),

stores as (
    select * from {{ ref('stg_shop__stores') }}
),

social as (
    select * from {{ ref('stg_social__profiles_judged') }}
    where row_verdict = 'kept' and coalesce(email, region, country_code) is not null
),

web as (
    select * from {{ ref('int_web_places_daily') }}
),

responses as (
    select * from {{ ref('stg_survey__responses_judged') }}
    where row_verdict = 'kept'
),

survey_attributes as (
    select * from {{ ref('survey_attributes') }}
),

shop as (
    select
        orders.*,
        stores.region
    from orders
    left join stores
        on orders.store_id = stores.store_id
),

survey as (
    select
        responses.*,
        case
            when survey_attributes.attribute = 'birth_date'
                then {{ date_value('responses.answer') }}
        end as birth_date
    from responses
    left join survey_attributes
        on
            responses.survey_id = survey_attributes.survey_id
            and responses.question_id = survey_attributes.question_id
    where
        coalesce(survey_attributes.attribute, responses.email, responses.email_sha256)
        is not null
),

told_rows as (
    {% for source, profile_id, columns, said_at in told %}
        select
            '{{ source }}' as source_name,
            {{ profile_id }} as profile_id,
            {{ fingerprint(columns) }} as row_key,
            {{ 'birth_date' if source in ['crm', 'survey'] else 'null' }} as birth_date,
            {{ said_at }}::date as said_on
        from {{ source }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

int_statement_keys as (
    select
        told_rows.source_name,
        told_rows.profile_id,
        sum({{ fingerprint([
            'told_rows.row_key', 'told_rows.said_on',
            age_years('told_rows.birth_date', 'clock.as_of_date'),
        ]) }}) as rows_key
    from told_rows
    cross join clock
    where coalesce(told_rows.said_on <= clock.as_of_date, true)
    group by told_rows.source_name, told_rows.profile_id
)

select * from int_statement_keys
