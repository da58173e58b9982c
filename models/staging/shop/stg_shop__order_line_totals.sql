{{ config(unique_key='order_id') }}

{% set all_orders = not is_incremental() or new_loads('ingest', 'replayed_rows') -%}

with
order_lines as (
    select * from {{ source('shop', 'order_lines') }}
),

orders as (
    select * from {{ source('shop', 'orders') }}
    where order_amount is not null
),

-- Only totals that a new line or a new order may have changed are made anew.
concerned as (
    select trim(order_lines.order_id) as order_id
    from order_lines
    where {{ in_new_load('shop', 'order_lines') }}
    union all
    select trim(orders.order_id) as order_id
    from orders
    where {{ in_new_load('shop', 'orders') }}
),

judged as (
    select
        nullif(trim(order_id), '') as order_id,
        nullif(trim(order_line_id), '') as order_line_id,
        line_amount,
        load_id,
        source_row,
        coalesce(
            product_id is not null
            and line_amount is not null
            and abs(quantity) <= {{ var('maximum_line_quantity') }},
            false
        ) as is_whole
    from order_lines
    -- Most exports state no totals; then there is nothing to add up.
    where
        trim(order_id) in (select trim(orders.order_id) from orders)
        {% if not all_orders %}
            and trim(order_id) in (select concerned.order_id from concerned)
        {% endif %}
),

-- The latest version of each line counts, as the lines themselves are judged by.
latest_lines as (
    select
        order_id,
        arg_max(line_amount, (load_id, source_row)) as line_amount,
        arg_max(line_amount, (load_id, source_row)) filter (where is_whole)
            as whole_amount
    from judged
    where order_id is not null and order_line_id is not null
    group by order_id, order_line_id
),

-- All that an order's lines may be said to come to: all of them, the whole ones, those
-- of a sale. One broken line then does not break the order it stands in.
stg_shop__order_line_totals as (
    select
        order_id,
        [
            sum(line_amount),
            sum(whole_amount),
            sum(whole_amount) filter (where whole_amount >= 0)
        ] as line_amounts
    from latest_lines
    group by order_id
)

select * from stg_shop__order_line_totals
