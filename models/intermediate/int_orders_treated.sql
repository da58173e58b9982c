{{ config(materialized='view') }}

{% set measures = ['sale_amount', 'discount_amount', 'line_count'] -%}

with
orders as {{ inlined() }} (
    select * from {{ ref('int_orders') }}
),

order_lines as (
    select * from {{ ref('int_order_lines_treated') }}
    where line_kind = 'product' and quantity > 0
),

outliers as {{ inlined() }} (
    select * from {{ ref('int_outliers') }}
    where action != 'flag'
),

-- Orders some line of which was changed are summed again; there are few.
changed_orders as (
    select order_id
    from outliers
    where level = 'order_line'
    group by order_id
),

line_totals as (
    select
        changed_orders.order_id,
        count(order_lines.order_line_id) as line_count,
        coalesce(sum(order_lines.line_amount), 0) as sale_amount,
        coalesce(sum(order_lines.discount_amount), 0) as discount_amount
    from changed_orders
    left join order_lines
        on changed_orders.order_id = order_lines.order_id
    group by changed_orders.order_id
),

order_bounds as (
    select
        order_id,
        {% for measure in measures %}
            max(lower_bound) filter (where variable = '{{ measure }}')
                as {{ measure }}_lower,
            max(upper_bound) filter (where variable = '{{ measure }}')
                as {{ measure }}_upper,
        {% endfor %}
        bool_or(action = 'quarantine') as is_set_aside
    from outliers
    where level = 'order'
    group by order_id
),

-- `least` and `greatest` pass over nulls: an order without bounds stays as it is.
changed as (
    select
        orders.order_id,
        {% for measure in measures %}
            least(
                greatest(
                    coalesce(line_totals.{{ measure }}, orders.{{ measure }}),
                    order_bounds.{{ measure }}_lower
                ),
                order_bounds.{{ measure }}_upper
            ) as {{ measure }},
        {% endfor %}
        order_bounds.is_set_aside
    from orders
    left join line_totals
        on orders.order_id = line_totals.order_id
    left join order_bounds
        on orders.order_id = order_bounds.order_id
    where
        line_totals.order_id is not null
        or order_bounds.order_id is not null
),

int_orders_treated as (
    select
        orders.* replace (
            case
                when orders.event_type = 'purchase' and changed.line_count = 0
                    then 'other'
                else orders.event_type
            end as event_type,
            coalesce(changed.line_count, orders.line_count)::bigint as line_count,
            coalesce(changed.sale_amount, orders.sale_amount)::decimal(18, 4)
                as sale_amount,
            coalesce(changed.discount_amount, orders.discount_amount)::decimal(18, 4)
                as discount_amount
        )
    from orders
    left join changed
        on orders.order_id = changed.order_id
    where changed.is_set_aside is not true
)

-- The columns are those of the orders, whatever they are.
select * from int_orders_treated -- noqa: AM04
