-- Of those who first bought in a month, how many still buy so many months later?
with
purchases as (
    select * from {{ ref('fct_purchases_monthly') }}
),

first_months as (
    select
        person_key,
        min(purchased_month_on) as first_month_on
    from purchases
    group by person_key
),

cohorts as (
    select
        first_months.first_month_on,
        date_diff('month', first_months.first_month_on, purchases.purchased_month_on)
            as month_number,
        count(*) as buyer_count
    from purchases
    inner join first_months
        on purchases.person_key = first_months.person_key
    group by first_months.first_month_on, month_number
),

retention_by_first_month as (
    select
        first_month_on,
        month_number,
        buyer_count,
        buyer_count / max(buyer_count) filter (where month_number = 0) over (
            partition by first_month_on
        ) as retained_share
    from cohorts
)

select * from retention_by_first_month
order by first_month_on, month_number
