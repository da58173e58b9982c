{#
    A fixed-size array of doubles, as `affine_map` takes it.

    Arguments
        values (list of string): SQL of each element.
#}
{% macro double_array(values) -%}
    [
        {%- for value in values %}
        {{ value }}{{ ',' if not loop.last }}
        {%- endfor %}
    ]::double[{{ values | length }}]
{%- endmacro %}
