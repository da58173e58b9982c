{{ config(materialized='view') }}

with
rules as (
    select * from {{ ref('identifier_rules') }}
),

blocked as (
    select * from {{ ref('blocked_identifiers') }}
),

-- A blocked address is blocked by its hash too.
int_blocked_values as (
    select
        rules.identifier_space,
        blocked.matched_part,
        blocked.blocked_value,
        min(blocked.reason) as reason
    from blocked
    inner join rules
        on blocked.identifier_type = rules.identifier_type
    group by rules.identifier_space, blocked.matched_part, blocked.blocked_value
    union all
    select
        identifier_type as identifier_space,
        matched_part,
        {{ sha256_hex('blocked_value') }} as blocked_value,
        reason
    from blocked
    where identifier_type = 'email' and matched_part = 'value'
)

select * from int_blocked_values
