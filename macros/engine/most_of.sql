{#
    Aggregate: the text with the largest weight; of several alike the first by name, so
    that a rebuild gives the same.

    Arguments
        name (string): SQL of the text.
        weight (string): SQL of its weight, a number above zero that is never null.
#}
{% macro most_of(name, weight) -%}
    min({'least': -{{ weight }}, 'name': {{ name }}}).name
{%- endmacro %}
