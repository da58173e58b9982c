{#- Features are columns, so departments are given numbered places, for good. -#}
{%- set slot_count = var('department_slot_count') | int -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='slot_number',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('assigned_on') }}",
    )
}}

with
person_departments as {{ inlined() }} (
    select * from {{ ref('int_person_departments') }}
    where department != 'unknown'
),

clock as (
    select * from {{ ref('int_clock') }}
),

slots_before as (
    select slots.*
    from (
        {{ remembered_rows('features', 'ftr_department_slots', {
            'slot_number': 'bigint', 'department': 'varchar', 'assigned_on': 'date',
        }) | indent(8) }}
    ) as slots
    inner join clock
        on slots.assigned_on < clock.as_of_date
),

everybody as (
    select count(distinct person_key) as all_person_count from person_departments
),

reaches as (
    select
        department,
        count(*) as person_count
    from person_departments
    group by department
),

-- A department that hardly anybody buys from says nothing about most.
popular as (
    select
        reaches.*,
        reaches.person_count / everybody.all_person_count as person_share
    from reaches
    cross join everybody
    where
        reaches.person_count / everybody.all_person_count
        >= {{ var('department_least_person_share') }}
),

waiting as (
    select
        popular.*,
        row_number() over (
            order by popular.person_count desc, popular.department asc
        ) as place
    from popular
    anti join slots_before
        on popular.department = slots_before.department
),

free_slots as (
    select
        numbers.slot_number,
        row_number() over (order by numbers.slot_number asc) as place
    from (
        select unnest(range(1, {{ slot_count + 1 }})) as slot_number
    ) as numbers
    anti join slots_before
        on numbers.slot_number = slots_before.slot_number
),

ftr_department_slots as (
    select
        free_slots.slot_number,
        waiting.department,
        waiting.person_share,
        clock.as_of_date as assigned_on
    from waiting
    inner join free_slots
        on waiting.place = free_slots.place
    cross join clock
)

select * from ftr_department_slots
