with
order_days as (
    select * from {{ ref('int_person_order_days') }}
),

departments as (
    select * from {{ ref('int_person_departments') }}
),

totals as (
    select
        person_key,
        as_of_date,
        sum(order_count)::double as order_count,
        sum(refund_count)::double as refund_count,
        sum(line_count)::double as line_count,
        sum(sale_amount)::double as sale_amount,
        sum(discount_amount)::double as discount_amount,
        sum(refund_amount)::double as refund_amount
    from order_days
    group by person_key, as_of_date
),

-- Of lines whose cost is known alone: a margin on the others would be invented.
costs as (
    select
        person_key,
        sum(costed_sale_amount)::double as costed_sale_amount,
        sum(cost_amount)::double as cost_amount
    from departments
    group by person_key
),

ftr_person_value as (
    select
        totals.person_key,
        totals.as_of_date,
        totals.sale_amount / nullif(totals.order_count, 0) as average_order_amount,
        totals.line_count / nullif(totals.order_count, 0) as lines_per_order,
        totals.sale_amount / nullif(totals.line_count, 0) as average_line_amount,
        totals.discount_amount
        / nullif(totals.sale_amount + totals.discount_amount, 0) as discount_share,
        totals.refund_amount
        / nullif(totals.sale_amount + totals.refund_amount, 0) as refund_share,
        totals.refund_count / (totals.order_count + totals.refund_count)
            as refund_order_share,
        (costs.costed_sale_amount - costs.cost_amount)
        / nullif(costs.costed_sale_amount, 0) as margin_share,
        case
            when costs.costed_sale_amount > 0
                then costs.costed_sale_amount - costs.cost_amount
        end as known_margin_amount
    from totals
    left join costs
        on totals.person_key = costs.person_key
)

select * from ftr_person_value
