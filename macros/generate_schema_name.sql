{#
    Names schemas by layer: `marts` in the default target, `<prefix>_marts` elsewhere.

    Arguments
        custom_schema_name (string): the layer, from dbt_project.yml; none for what
            belongs to no layer.
        node (node): unused, part of dbt's signature.
#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.name == 'duckdb' -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
