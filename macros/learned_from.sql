{#
    The persons of a matrix that the segments of behaviour are learned from: who ordered
    `fit_least_orders` times, or everybody where those are half of the persons or fewer.

    One order has no rhythm, and no share but 0 and 1: a model would make a segment of
    those who are hardly known. Where they are the rule, they are the customers.

    Arguments
        matrix (relation): one row per person, with `order_count`.
#}
{% macro learned_from(matrix) -%}
    select * exclude (evident_share)
    from (
        select
            *,
            avg(
                case when order_count >= {{ var('fit_least_orders') }} then 1 else 0 end
            ) over () as evident_share
        from {{ matrix }}
    )
    where order_count >= {{ var('fit_least_orders') }} or evident_share <= 0.5
{%- endmacro %}
