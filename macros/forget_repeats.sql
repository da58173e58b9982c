{#
    Deletes from a table of doubtful or refused events those of touched days that break no
    rule: repeats are looked for anew, since another load may make one of them the row
    that stays. Nothing where the model is built from nothing.

    Arguments
        source_name, table_name (string): the lake table.
        moment (string): its date or timestamp.
#}
{% macro forget_repeats(source_name, table_name, moment) -%}
    {%- set days = touched_days(source_name, table_name, moment) -%}
    {%- if execute and is_incremental() and days -%}
        delete from {{ this }}
        where broken_rule is null and event_on in ({{ days | join(', ') }})
    {%- endif -%}
{%- endmacro %}
