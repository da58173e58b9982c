{#
    A number that rows of equal content share: the head of the md5 of all columns of the
    contract, as they came.

    Arguments
        source_name, table_name (string): the contract.
        relation (string): what the columns are read from, where it has to be said.
#}
{% macro content_hash(source_name, table_name, relation=none) -%}
    {%- set prefix = relation ~ '.' if relation else '' -%}
    md5_number_upper(concat_ws(
        '|'
        {%- for node in (graph.sources.values() if execute else [])
                if node.source_name == source_name and node.name == table_name -%}
            {%- for column in node.columns.values() -%}
                , coalesce({{ prefix }}{{ column.name }}::varchar, '')
            {%- endfor -%}
        {%- endfor -%}
    ))
{%- endmacro %}
