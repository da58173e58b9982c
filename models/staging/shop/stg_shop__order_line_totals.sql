{% set all_orders = not is_incremental() or new_loads('ingest', 'replayed_rows') -%}
{% set lines_before = made_before('staging', 'stg_shop__order_lines_judged') -%}
{% set orders_before = made_before('staging', 'stg_shop__orders_judged') -%}
{% if all_orders %}{% set lines_before, orders_before = none, none %}{% endif -%}
{% set columns = 'order_id, load_id, order_line_id, product_id, quantity, ' -%}
{% set columns = columns ~ 'line_amount, source_row' -%}

with
new_lines as (
    select
        nullif(trim(order_id), '') as order_id,
        load_id,
        nullif(trim(order_line_id), '') as order_line_id,
        nullif(trim(product_id), '') as product_id,
        quantity,
        line_amount,
        source_row
    from {{ source('shop', 'order_lines') }}
    where {{ 'true or' if not lines_before }} {{ in_new_load('shop', 'order_lines') }}
),

orders as (
    select
        nullif(trim(order_id), '') as order_id,
        order_amount,
        true as is_new
    from {{ source('shop', 'orders') }}
    where {{ 'true or' if not orders_before }} {{ in_new_load('shop', 'orders') }}
    {% if orders_before -%}
        union all
        select
            order_id,
            order_amount,
            false as is_new
        from {{ orders_before }}
    {%- endif %}
),

-- What came before stands in the tables that judged it (a reference would be a circle):
-- a night opens its own files, and adds up again what a new line or order may change.
order_lines as (
    select * from new_lines
    {% if lines_before -%}
        union all
        select {{ columns }}
        from {{ lines_before }}
        where order_id in (
            select new_lines.order_id from new_lines
            union all
            select orders.order_id from orders
            where orders.is_new
        )
    {%- endif %}
),

loads as (
    {{ loads_in_order(
        'order_lines' if lines_before else source('shop', 'order_lines')
    ) }}
),

-- The latest version of each line counts, as the lines themselves are judged by.
latest_lines as (
    select
        order_lines.order_id,
        arg_max(order_lines.line_amount, loads.rows_before + order_lines.source_row)
            as line_amount,
        arg_max(order_lines.line_amount, loads.rows_before + order_lines.source_row)
        filter (
            where order_lines.product_id is not null
            and abs(order_lines.quantity) <= {{ var('maximum_line_quantity') }}
        ) as whole_amount
    from order_lines
    inner join loads
        on order_lines.load_id = loads.load_id
    where
        order_lines.order_line_id is not null
        -- Most exports state no totals; then there is nothing to add up.
        and order_lines.order_id in (
            select orders.order_id from orders
            where orders.order_amount is not null
        )
    group by order_lines.order_id, order_lines.order_line_id
),

-- All that an order's lines may be said to come to.
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
