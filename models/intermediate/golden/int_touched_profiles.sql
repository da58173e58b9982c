{{ config(materialized='view') }}

with
person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

touches as (
    select * from {{ ref('int_golden_touches') }}
),

int_touched_profiles as (
    select person_profiles.*
    from person_profiles
    semi join touches
        on person_profiles.person_key = touches.person_key
)

select * from int_touched_profiles
