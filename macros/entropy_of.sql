{#
    Aggregate: Shannon entropy of the shares that weights make, in nats; 0 for a single
    one, ln(n) for n alike.

    Rounded, because sums of doubles depend on the order of the threads; `abs` makes of
    what rounding leaves below zero a zero.

    Arguments
        weight (string): SQL of a number above zero.
#}
{% macro entropy_of(weight) -%}
    abs(round(
        ln(sum({{ weight }}))
        - sum({{ weight }} * ln({{ weight }})) / sum({{ weight }}),
        9
    ))
{%- endmacro %}
