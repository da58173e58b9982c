{#
    How many elements of a list lie strictly below a value.

    Arguments
        elements (string): SQL of a list of doubles.
        value (string): SQL of the value; a null gives 0.
#}
{% macro count_below(elements, value) -%}
    len(list_filter({{ elements }}, lambda element: element < {{ value }}))
{%- endmacro %}
