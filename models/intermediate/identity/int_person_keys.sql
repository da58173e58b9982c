{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('valid_from') }}",
    )
}}

with
assignments as (
    select * from {{ ref('int_person_key_assignments') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

int_person_keys as (
    select
        assignments.profile_key,
        assignments.person_key,
        clock.as_of_date as valid_from
    from assignments
    cross join clock
    where assignments.person_key is distinct from assignments.previous_person_key
)

select * from int_person_keys
