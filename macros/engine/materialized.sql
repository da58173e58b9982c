{#
    What stands between `as` and the bracket of a CTE that is to be computed before what
    reads it begins, so that the two never need memory at the same time.

    DuckDB otherwise computes a CTE that is read once together with its reader. What it
    sets aside may go to disk; the tables that a join looks up in may not.

    Arguments: none.
#}
{% macro materialized() -%}
    materialized
{%- endmacro %}
