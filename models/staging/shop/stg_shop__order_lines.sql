with
order_lines as (
    select * from {{ ref('stg_shop__order_lines_judged') }}
    where row_verdict = 'kept'
),

stg_shop__order_lines as (
    select
        order_line_id,
        order_id,
        product_id,
        line_kind,
        quantity,
        {{ reporting_amount('line_amount', 'rate_to_reporting') }} as line_amount,
        {{ reporting_amount('discount_amount', 'rate_to_reporting') }}
            as discount_amount,
        -- A cost below zero in a sale is a slip, and as good as unknown.
        case
            when cost_amount < 0 and quantity >= 0 then null
            else {{ reporting_amount('cost_amount', 'rate_to_reporting') }}
        end as cost_amount
    from order_lines
)

select * from stg_shop__order_lines
