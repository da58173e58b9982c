{#
    Whether a column names a person, as its contract says; a condition that is true,
    false or null.

    Arguments
        source_name, table_name, column_name (string): SQL of the three names.
#}
{% macro is_direct_identifier(source_name, table_name, column_name) -%}
    {%- set identifiers = [] -%}
    {%- for node in (graph.sources.values() if execute else []) if node.source_name != 'ingest' -%}
        {%- for column in node.columns.values()
                if column.config.get('meta', {}).get('direct_identifier') -%}
            {%- do identifiers.append(
                "'" ~ node.source_name ~ '.' ~ node.name ~ '.' ~ column.name ~ "'"
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ source_name }} || '.' || {{ table_name }} || '.' || {{ column_name }}
    in ({{ (identifiers or ["''"]) | sort | join(', ') }})
{%- endmacro %}
