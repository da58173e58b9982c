{#
    Notes in the warehouse which command began to change it last, and whether it is a
    whole `dbt build`. The gates carry the number of the command that asked them: where
    the two differ, or only a part was built, the marts may be of two nights, and
    `tessera publish` keeps what was published before.

    Arguments: none. Commands that change no table note nothing.
#}
{% macro note_run_started() %}
    {%- if execute and flags.WHICH in ('build', 'run', 'seed', 'retry') -%}
        {%- set models = graph.nodes.values()
            | selectattr('resource_type', 'equalto', 'model')
            | map(attribute='unique_id') | list -%}
        {%- set is_whole = flags.WHICH == 'build'
            and models | reject('in', selected_resources) | list | length == 0 -%}
        create or replace table main.last_run_started as
        select '{{ invocation_id }}' as invocation_id, {{ is_whole }} as is_whole
    {%- endif -%}
{% endmacro %}
