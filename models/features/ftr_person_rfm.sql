with
purchase_days as (
    select * from {{ ref('int_person_order_days') }}
    where order_count > 0
),

totals as (
    select
        person_key,
        as_of_date,
        min(activity_on) as first_purchase_on,
        max(activity_on) as last_purchase_on,
        count(*) as purchase_day_count,
        sum(order_count)::bigint as order_count,
        sum(sale_amount)::decimal(18, 4) as monetary_amount,
        min_by(sale_amount, activity_on) as first_day_amount
    from purchase_days
    group by person_key, as_of_date
),

ftr_person_rfm as (
    select
        person_key,
        as_of_date,
        first_purchase_on,
        last_purchase_on,
        date_diff('day', last_purchase_on, as_of_date) as recency_days,
        date_diff('day', first_purchase_on, as_of_date) as tenure_days,
        date_diff('day', first_purchase_on, last_purchase_on) as purchase_span_days,
        order_count,
        purchase_day_count,
        purchase_day_count - 1 as repeat_purchase_day_count,
        monetary_amount,
        (monetary_amount - first_day_amount)::double
        / nullif(purchase_day_count - 1, 0) as mean_repeat_day_amount
    from totals
)

select * from ftr_person_rfm
