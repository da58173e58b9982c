{{ config(materialized='view') }}

with
order_lines as (
    select * from {{ ref('stg_shop__order_lines') }}
),

outliers as (
    select * from {{ ref('int_outliers') }}
    where level = 'order_line' and action = 'winsorise'
),

set_aside as (
    select * from {{ ref('int_outlier_quarantines') }}
    where table_name = 'order_lines'
),

line_bounds as (
    select
        entity_key,
        max(lower_bound) filter (where variable = 'line_amount') as line_amount_lower,
        max(upper_bound) filter (where variable = 'line_amount') as line_amount_upper,
        max(lower_bound) filter (where variable = 'discount_amount')
            as discount_amount_lower,
        max(upper_bound) filter (where variable = 'discount_amount')
            as discount_amount_upper,
        max(lower_bound) filter (where variable = 'quantity') as quantity_lower,
        max(upper_bound) filter (where variable = 'quantity') as quantity_upper
    from outliers
    group by entity_key
),

-- `least` and `greatest` pass over nulls: a value without bounds stays as it is.
int_order_lines_treated as (
    select
        order_lines.* replace (
            least(
                greatest(order_lines.quantity, line_bounds.quantity_lower),
                line_bounds.quantity_upper
            ) as quantity,
            least(
                greatest(order_lines.line_amount, line_bounds.line_amount_lower),
                line_bounds.line_amount_upper
            )::decimal(18, 4) as line_amount,
            least(
                greatest(
                    order_lines.discount_amount, line_bounds.discount_amount_lower
                ),
                line_bounds.discount_amount_upper
            )::decimal(18, 4) as discount_amount
        )
    from order_lines
    left join line_bounds
        on order_lines.order_line_id = line_bounds.entity_key
    where order_lines.order_line_id not in (select set_aside.row_key from set_aside)
)

-- The columns are those of the lines, whatever they are.
select * from int_order_lines_treated -- noqa: AM04
