{#
    Aggregate: the value of the last row that has one.

    DuckDB passes over nulls by itself; an engine that does not needs a filter.

    Arguments
        value (string): SQL of the value; null when no row has one.
        position (string): SQL of what rows are ordered by, without ties or nulls.
#}
{% macro last_known(value, position) -%}
    max_by({{ value }}, {{ position }})
{%- endmacro %}
