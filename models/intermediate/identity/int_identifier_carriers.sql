{{ config(materialized='view') }}

with
identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
    where block_reason is null
),

muted as (
    select * from {{ ref('int_muted_identifiers') }}
),

int_identifier_carriers as (
    select identifiers.*
    from identifiers
    anti join muted
        on
            identifiers.profile_key = muted.profile_key
            and identifiers.identifier_type = muted.identifier_type
)

select * from int_identifier_carriers
