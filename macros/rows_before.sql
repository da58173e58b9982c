{#
    What the table of a model held before tonight's run, as a select; no rows where there
    is no such table (`table_before`).

    Arguments
        model (string): name of a model of the intermediate layer.
        columns (mapping): SQL type of each column that is wanted.
        outlives_full_refresh (boolean): whether it is a state, which is never made anew.
#}
{% macro rows_before(model, columns, outlives_full_refresh=false) -%}
    {%- set relation = table_before(model, outlives_full_refresh) -%}
    {%- if relation -%}
    select {{ columns | join(', ') }} from {{ relation }}
    {%- else -%}
    select
        {%- for column, type in columns.items() %}
        null::{{ type }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    where false
    {%- endif -%}
{%- endmacro %}
