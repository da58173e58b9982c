with
order_lines as (
    select * from {{ source('shop', 'order_lines') }}
    where {{ in_new_load('shop', 'order_lines') }}
),

orders as (
    select * from {{ ref('stg_shop__orders') }}
),

normalised as (
    select
        nullif(trim(order_line_id), '') as order_line_id,
        nullif(trim(order_id), '') as order_id,
        nullif(trim(product_id), '') as product_id,
        coalesce(nullif(lower(trim(line_kind)), ''), 'product') as line_kind,
        quantity,
        line_amount,
        discount_amount,
        cost_amount,
        {{ content_hash('shop', 'order_lines') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from order_lines
),

-- A line whose order is refused has no day and no customer: it waits with its order,
-- and is judged again when that is mended or changes its status.
considered as (
    select * from normalised
    {{ reconsidered(
        ['order_status', 'rate_to_reporting', 'broken_rule', 'row_verdict', 'judged_at'],
        'left join orders on known.order_id = orders.order_id',
        'known.order_status is distinct from orders.order_status '
        ~ 'or known.rate_to_reporting is distinct from orders.rate_to_reporting',
    ) }}
),

lines_with_orders as (
    select
        considered.*,
        orders.order_status,
        orders.rate_to_reporting
    from considered
    left join orders
        on considered.order_id = orders.order_id
),

judged as (
    select
        *,
        {{ first_broken_rule('shop', 'order_lines', [
            ('order_not_known', 'order_id', 'order_status is null'),
            not_one_of(
                'unknown_line_kind', 'line_kind',
                ['product', 'gift', 'fee', 'adjustment'],
            ),
            (
                'negative_quantity_in_a_sale', 'quantity',
                "quantity < 0 and order_status = 'completed'",
            ),
            (
                'quantity_out_of_range', 'quantity',
                'abs(quantity) > ' ~ var('maximum_line_quantity'),
            ),
            (
                'negative_amount_in_a_sale', 'line_amount',
                "line_amount < 0 and order_status = 'completed'",
            ),
            ('negative_discount', 'discount_amount', 'discount_amount < 0'),
        ]) }} as broken_rule
    from lines_with_orders
),

versions as (
    select * from judged
    {{ known_versions('judged', ['order_line_id'], ['row_verdict', 'judged_at']) }}
),

stg_shop__order_lines_judged as (
    select
        *,
        {{ row_verdict(['order_line_id']) }} as row_verdict,
        {{ run_started() }} as judged_at
    from versions
)

select * from stg_shop__order_lines_judged
