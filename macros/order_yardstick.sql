{#
    A fingerprint of what an order is held against: all that its lines may be said to
    come to, and its customer's birth date; null where there is neither. When it changes,
    the order is judged again.

    Arguments: none. Needs `line_totals` and `births` in scope, as
    stg_shop__order_line_totals and stg_crm__customer_births.
#}
{% macro order_yardstick() -%}
    case
        when line_totals.order_id is not null or births.birth_date is not null
            then {{ fingerprint(['line_totals.line_amounts', 'births.birth_date']) }}
    end
{%- endmacro %}
