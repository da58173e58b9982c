{#
    The table of a model as earlier runs left it, for models that come before it in a
    run; a reference would be a circle. None on a first run, and when everything is to be
    built from nothing.

    Arguments
        layer (string): schema of the model, as `dbt_project.yml` names it.
        name (string): the model.
#}
{% macro made_before(layer, name) -%}
    {{ return(
        adapter.get_relation(
            database=target.database,
            schema=generate_schema_name(layer, none),
            identifier=name,
        ) if execute and not flags.FULL_REFRESH
    ) }}
{%- endmacro %}
