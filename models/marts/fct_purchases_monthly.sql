with
order_days as (
    select * from {{ ref('int_person_order_days') }}
    where order_count > 0
),

months as (
    select
        person_key,
        as_of_date,
        date_trunc('month', activity_on)::date as purchased_month_on,
        sum(order_count)::bigint as order_count,
        sum(sale_amount)::decimal(18, 4) as revenue_amount
    from order_days
    group by person_key, as_of_date, date_trunc('month', activity_on)
),

followed as (
    select
        *,
        purchased_month_on + interval 1 month as next_month_on,
        lead(purchased_month_on) over (
            partition by person_key order by purchased_month_on asc
        ) as next_purchased_month_on
    from months
),

fct_purchases_monthly as (
    select
        person_key,
        purchased_month_on,
        order_count,
        revenue_amount,
        -- Who has not come back yet may still, until the month after is over.
        case
            when as_of_date >= next_month_on + interval 1 month - interval 1 day
                then coalesce(next_purchased_month_on = next_month_on, false)
        end as is_retained,
        as_of_date
    from followed
)

select * from fct_purchases_monthly
