{#
    Condition: this run of dbt makes all of these models, so that what stands in them is
    of one night.

    Arguments
        models (list of string): their names.
#}
{% macro all_made_in_this_run(models) -%}
    {%- set missing = [] -%}
    {%- for name in models -%}
        {%- if 'model.tessera.' ~ name not in selected_resources -%}
            {%- do missing.append(name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ 'false' if missing else 'true' }}
{%- endmacro %}
