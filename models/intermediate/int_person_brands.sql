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
        brand,
        sum(line_count)::bigint as line_count
    from purchases
    where brand is not null
    group by person_key, brand
),

int_person_brands as (
    select
        totals.*,
        clock.as_of_date
    from totals
    cross join clock
)

select * from int_person_brands
