{#
    Aggregate: the value of the first row that has one.

    DuckDB passes over nulls by itself; an engine that does not needs a filter.

    Arguments
        value (string): SQL of the value; null when no row has one.
        position (string): SQL of what rows are ordered by, without ties or nulls.
#}
{% macro first_known(value, position) -%}
    min_by({{ value }}, {{ position }})
{%- endmacro %}
