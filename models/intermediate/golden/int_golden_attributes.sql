with
winners as (
    select * from {{ ref('int_attribute_winners') }}
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
    from winners
)

select * from int_golden_attributes
