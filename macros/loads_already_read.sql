{#
    The loads that finished runs have read: what the ledger `int_loads_read` held before
    this run. A reference to that model would be a circle, for it is written last.

    Arguments: none. Gives a select of source_name, table_name and load_id; no rows on a
    first run, and when everything is to be built from nothing.
#}
{% macro loads_already_read() -%}
    {%- set ledger = adapter.get_relation(
        database=target.database,
        schema=generate_schema_name('intermediate', none),
        identifier='int_loads_read',
    ) if execute and not flags.FULL_REFRESH -%}
    {%- if ledger -%}
    select source_name, table_name, load_id from {{ ledger }}
    {%- else -%}
    select
        null::varchar as source_name, null::varchar as table_name, null as load_id
    where false
    {%- endif -%}
{%- endmacro %}
