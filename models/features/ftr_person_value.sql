with
activity as (
    select * from {{ ref('int_person_activity_daily') }}
    where event_type in ('purchase', 'refund')
),

totals as (
    select
        person_key,
        as_of_date,
        sum(event_count) filter (where event_type = 'purchase')::double as order_count,
        sum(line_count) filter (where event_type = 'purchase')::double as line_count,
        sum(sale_amount)::double as sale_amount,
        sum(discount_amount)::double as discount_amount,
        sum(refund_amount)::double as refund_amount
    from activity
    group by person_key, as_of_date
),

ftr_person_value as (
    select
        person_key,
        as_of_date,
        sale_amount / nullif(order_count, 0) as average_order_amount,
        line_count / nullif(order_count, 0) as lines_per_order,
        sale_amount / nullif(line_count, 0) as average_line_amount,
        discount_amount / nullif(sale_amount + discount_amount, 0) as discount_share,
        refund_amount / nullif(sale_amount + refund_amount, 0) as refund_share
    from totals
)

select * from ftr_person_value
