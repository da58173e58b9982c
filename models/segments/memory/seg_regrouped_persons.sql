{{ config(materialized='view') }}

with
key_changes as (
    select * from {{ ref('int_person_key_changes') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

tonight as (
    select key_changes.*
    from key_changes
    inner join clock
        on key_changes.changed_on = clock.as_of_date
),

seg_regrouped_persons as (
    select from_person_key as person_key
    from tonight
    union
    select to_person_key as person_key
    from tonight
)

select * from seg_regrouped_persons
