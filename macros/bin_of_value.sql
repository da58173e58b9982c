{#
    Number of the bin that a value falls into: 0 for a null, then 1 for the lowest.

    Arguments
        edges (string): SQL of a list of doubles, rising; a value on an edge lies below.
        value (string): SQL of the value.
#}
{% macro bin_of_value(edges, value) -%}
    case when {{ value }} is null then 0 else {{ count_below(edges, value) }} + 1 end
{%- endmacro %}
