{#
    Condition: the row's day is one of `touched_days`; always true where the model is
    built from nothing.

    A bound on `loaded_on` lets the engine open only files that can hold such rows: none
    is loaded earlier than the day before its own.

    Arguments
        source_name, table_name (string): the lake table.
        moment (string): its date or timestamp.
#}
{% macro in_touched_day(source_name, table_name, moment) -%}
    {%- set days = touched_days(source_name, table_name, moment) -%}
    {%- if days -%}
        {{ moment }}::date in ({{ days | join(', ') }})
        and loaded_on >= {{ days[0] }} - interval 1 day
    {%- elif is_incremental() -%}
        false
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
