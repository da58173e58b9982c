{%- set slot_numbers = range(1, (var('department_slot_count') | int) + 1) -%}

with
departments as (
    select * from {{ ref('int_person_departments') }}
),

slots as (
    select * from {{ ref('ftr_department_slots') }}
),

assigned as (
    select coalesce(list(slot_number), []) as slot_numbers from slots
),

placed as (
    select
        departments.person_key,
        departments.as_of_date,
        departments.line_count,
        slots.slot_number
    from departments
    left join slots
        on departments.department = slots.department
),

totals as (
    select
        person_key,
        as_of_date,
        {% for number in slot_numbers -%}
            sum(line_count) filter (where slot_number = {{ number }}) as lines_{{ number }},
        {% endfor -%}
        sum(line_count) as line_count
    from placed
    group by person_key, as_of_date
),

-- The root of a share, so that persons are as far apart as their tastes are by
-- Hellinger: from nothing to a little counts more than from much to more.
ftr_person_departments as (
    select
        totals.person_key,
        totals.as_of_date
    {%- for number in slot_numbers %},
        case
            when list_contains(assigned.slot_numbers, {{ number }})
                then sqrt(coalesce(totals.lines_{{ number }}, 0) / totals.line_count)
        end::double as department_{{ number }}_affinity
        {%- endfor %}
    from totals
    cross join assigned
)

select * from ftr_person_departments
