with
winners as (
    select * from {{ ref('int_attribute_winners') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
    where not is_identifier
),

int_golden_attributes as (
    select
        winners.person_key,
        winners.attribute,
        winners.attribute_value,
        winners.rule,
        winners.source_name,
        winners.profile_id,
        winners.said_at,
        winners.source_count,
        winners.value_count > 1 as is_disputed
    from winners
    inner join rules
        on winners.attribute = rules.attribute
)

select * from int_golden_attributes
