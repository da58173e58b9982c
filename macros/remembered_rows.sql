{#
    What a model's table holds from earlier runs, for models that come before it in a
    run: a reference would be a circle. No rows before the first run; a full refresh
    changes nothing, for what remembers is never emptied.

    Arguments
        layer (string): schema of the model, as `dbt_project.yml` names it.
        name (string): the model.
        columns (mapping of string to string): columns asked for, and their types.
#}
{% macro remembered_rows(layer, name, columns) -%}
    {%- set history = adapter.get_relation(
        database=target.database,
        schema=generate_schema_name(layer, none),
        identifier=name,
    ) if execute -%}
    select
        {%- for column, type in columns.items() %}
        {{ column if history else 'null::' ~ type ~ ' as ' ~ column -}}
        {{ ',' if not loop.last }}
        {%- endfor %}
    {{ 'from ' ~ history if history else 'where false' }}
{%- endmacro %}
