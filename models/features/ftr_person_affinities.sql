with
departments as (
    select * from {{ ref('int_person_departments') }}
),

department_shares as (
    select
        person_key,
        as_of_date,
        department,
        line_count::double
        / sum(line_count) over (partition by person_key) as line_share,
        -- Equal shares give the earlier name, so that a rebuild gives the same.
        row_number() over (
            partition by person_key order by line_count desc, department asc
        ) as department_rank
    from departments
),

ftr_person_affinities as (
    select
        person_key,
        as_of_date,
        count(*) as department_count,
        any_value(department) filter (where department_rank = 1) as top_department,
        max(line_share) as top_department_share,
        -- Rounded, because sums of doubles depend on the order of the threads.
        round(0 - sum(line_share * ln(line_share)), 9) as department_entropy
    from department_shares
    group by person_key, as_of_date
)

select * from ftr_person_affinities
