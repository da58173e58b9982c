{#
    The table that a model left behind before tonight's run: its relation, or nothing
    where there is none, or where `--full-refresh` makes it anew. A reference to the
    model would be a circle, for it is written from what reads this.

    Arguments
        model (string): name of a model of the intermediate layer.
        outlives_full_refresh (boolean): whether it is a state, which is never made anew.
#}
{% macro table_before(model, outlives_full_refresh=false) -%}
    {%- if execute and (outlives_full_refresh or not flags.FULL_REFRESH) -%}
        {{ return(adapter.get_relation(
            database=target.database,
            schema=generate_schema_name('intermediate', none),
            identifier=model,
        )) }}
    {%- endif -%}
{%- endmacro %}
