{{ config(materialized='view') }}

with
golden_values as (
    select * from {{ ref('int_golden_values') }}
    where is_identifier
),

int_contact_points as (
    select
        person_key,
        attribute,
        attribute_value,
        is_preferred,
        rule,
        source_name,
        said_at,
        source_count,
        is_disputed,
        email_sha256
    from golden_values
)

select * from int_contact_points
