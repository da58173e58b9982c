{#
    Deletes from the table of refused events the repeats of touched days, which are
    looked for anew: another load may make one of them the row that stays. Nothing where
    the model is built from nothing.

    Arguments
        source_name, table_name (string): the lake table.
        moment (string): its date or timestamp.
#}
{% macro forget_repeats(source_name, table_name, moment) -%}
    {%- set days = touched_days(source_name, table_name, moment) -%}
    {%- if execute and is_incremental() and days -%}
        delete from {{ this }}
        where row_verdict != 'quarantined' and event_on in ({{ days | join(', ') }})
    {%- else -%}
        select 1
    {%- endif -%}
{%- endmacro %}
