{#
    Exact quantile of a column over a group, interpolated linearly, as a double.

    The cast comes first: on decimals the engine would round the interpolation.

    Arguments
        column (string): SQL of the value; nulls do not count.
        share (string): SQL of the share of values below, 0..1, a constant.
#}
{% macro quantile(column, share) -%}
    quantile_cont({{ column }}::double, {{ share }})
{%- endmacro %}
