{#
    What an order is held against, as a struct: all that its lines may be said to come
    to, and its customer's birth date. When it changes, the order is judged again.

    Arguments: none. Needs `line_totals` and `births` in scope, as
    stg_shop__order_line_totals and stg_crm__customer_births.
#}
{% macro order_yardstick() -%}
    {'lines': line_totals.line_amounts, 'birth': births.birth_date}
{%- endmacro %}
