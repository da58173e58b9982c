{{ config(materialized='view') }}

with
identifier_links as (
    select * from {{ ref('int_identifier_links') }}
),

decisions as (
    select * from {{ ref('int_identity_decisions') }}
    where decision = 'same'
),

matches as (
    select * from {{ ref('int_match_links') }}
),

int_identity_links as (
    select
        left_profile_key,
        right_profile_key,
        link_type,
        identifier_key,
        priority,
        1::double as match_probability,
        linked_on
    from identifier_links
    union all
    select
        left_profile_key,
        right_profile_key,
        'decision' as link_type,
        null as identifier_key,
        1 as priority,
        1 as match_probability,
        decided_on as linked_on
    from decisions
    union all
    -- A match is made anew each night and keeps no day of its own.
    select
        left_profile_key,
        right_profile_key,
        'match' as link_type,
        null as identifier_key,
        9 as priority,
        match_probability,
        null as linked_on
    from matches
)

select * from int_identity_links
