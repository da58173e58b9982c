with
said as (
    select * from {{ ref('int_attribute_values') }}
),

winners as (
    select * from {{ ref('int_attribute_winners') }}
),

rules as (
    select * from {{ ref('survivorship_rules') }}
    where is_identifier
),

by_value as (
    select
        said.person_key,
        said.attribute,
        said.attribute_value,
        max(said.said_at) as said_at,
        count(distinct said.source_name) as source_count
    from said
    inner join rules
        on said.attribute = rules.attribute
    group by said.person_key, said.attribute, said.attribute_value
),

int_contact_points as (
    select
        by_value.person_key,
        by_value.attribute,
        by_value.attribute_value,
        winners.person_key is not null as is_preferred,
        winners.rule,
        winners.source_name,
        by_value.said_at,
        coalesce(winners.source_count, by_value.source_count) as source_count,
        coalesce(winners.value_count > 1, true) as is_disputed,
        case by_value.attribute
            when 'email' then {{ sha256_hex('by_value.attribute_value') }}
            when 'email_sha256' then by_value.attribute_value
        end as email_sha256
    from by_value
    left join winners
        on
            by_value.person_key = winners.person_key
            and by_value.attribute = winners.attribute
            and by_value.attribute_value = winners.attribute_value
)

select * from int_contact_points
