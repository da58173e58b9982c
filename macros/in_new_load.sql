{#
    Condition: the row came in a load that no finished run has read yet. Always true
    where the model is built from nothing.

    Arguments
        source_name, table_name (string): the lake table.
#}
{% macro in_new_load(source_name, table_name) -%}
    {%- set loads = new_loads(source_name, table_name) -%}
    {%- if is_incremental() -%}
        load_id in ('{{ loads | join("', '") }}')
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
