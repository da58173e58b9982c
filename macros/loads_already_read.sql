{#
    The loads that finished runs have read: what the ledger `int_loads_read` held before
    this run. A reference to that model would be a circle, for it is written last.

    Arguments: none. Gives a select of source_name, table_name and load_id; no rows on a
    first run, and when everything is to be built from nothing.
#}
{% macro loads_already_read() -%}
    {%- set ledger = made_before('intermediate', 'int_loads_read') -%}
    {%- if ledger -%}
    select source_name, table_name, load_id from {{ ledger }}
    {%- else -%}
    select
        null::varchar as source_name, null::varchar as table_name, null as load_id
    where false
    {%- endif -%}
{%- endmacro %}
