{#
    All rules that the rows of a lake table have to keep: a value in every column that
    the contract requires, then the model's own.

    Arguments
        source_name, table_name (string): the contract.
        rules (list of [rule, column, condition]): as `first_broken_rule` takes them.

    Returns a list of [rule, column, condition]; only the model's own while dbt parses.
#}
{% macro rules_of(source_name, table_name, rules=[]) -%}
    {%- set required = [] -%}
    {%- for node in (graph.sources.values() if execute else [])
            if node.source_name == source_name and node.name == table_name -%}
        {%- for column in node.columns.values()
                if column.config.get('meta', {}).get('required') -%}
            {%- do required.append(
                ['required', column.name, column.name ~ ' is null']
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(required + rules) }}
{%- endmacro %}
