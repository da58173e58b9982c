with
purchases as (
    select * from {{ ref('int_person_purchases_daily') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

totals as (
    select
        person_key,
        department,
        sum(line_count)::bigint as line_count,
        sum(unit_count)::decimal(18, 4) as unit_count,
        sum(sale_amount)::decimal(18, 4) as sale_amount,
        sum(costed_sale_amount)::decimal(18, 4) as costed_sale_amount,
        sum(cost_amount)::decimal(18, 4) as cost_amount
    from purchases
    group by person_key, department
),

int_person_departments as (
    select
        totals.*,
        clock.as_of_date
    from totals
    cross join clock
)

select * from int_person_departments
