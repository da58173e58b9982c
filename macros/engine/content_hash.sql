{#
    A number that rows of equal content share, made of all columns of the contract as they
    came. It tells a row that was sent again from one that was changed, and no more: a
    quick hash will do, though another version of the engine may make another one.

    Arguments
        source_name, table_name (string): the contract.
        relation (string): what the columns are read from, where it has to be said.
#}
{% macro content_hash(source_name, table_name, relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    {%- set columns = [] -%}
    {%- for node in (graph.sources.values() if execute else [])
            if node.source_name == source_name and node.name == table_name -%}
        {%- for column in node.columns.values() -%}
            {%- do columns.append(prefix ~ column.name) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ fingerprint(columns or ['null']) }}
{%- endmacro %}
