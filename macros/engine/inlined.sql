{#
    What stands between `as` and the bracket of a CTE that several others read, where it
    is to be computed for each of them.

    DuckDB keeps such a CTE in memory, without the filters of those that read it; that
    is dear for one of tens of millions of rows.

    Arguments: none.
#}
{% macro inlined() -%}
    not materialized
{%- endmacro %}
