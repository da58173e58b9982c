{#
    The elements of a list that another list does not have, in their order.

    Arguments
        elements (string): SQL of a list; a null gives a null.
        others (string): SQL of a list of the same type, never null.
#}
{% macro list_without(elements, others) -%}
    list_filter({{ elements }}, lambda element: not list_contains({{ others }}, element))
{%- endmacro %}
