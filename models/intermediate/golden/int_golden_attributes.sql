{{ config(materialized='view') }}

with
golden_values as (
    select * from {{ ref('int_golden_values') }}
    where not is_identifier
),

int_golden_attributes as (
    select
        person_key,
        attribute,
        attribute_value,
        rule,
        source_name,
        profile_id,
        said_at,
        source_count,
        is_disputed
    from golden_values
)

select * from int_golden_attributes
