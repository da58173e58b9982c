{#
    What the ledger `int_person_keys` holds: a select of profile_key, person_key and
    valid_from; no rows before its first night. A reference to that model would be a
    circle, for it is written from what reads this. It outlives a full refresh.

    Arguments: none.
#}
{% macro person_keys_known() -%}
    {%- set ledger = adapter.get_relation(
        database=target.database,
        schema=generate_schema_name('intermediate', none),
        identifier='int_person_keys',
    ) if execute -%}
    {%- if ledger -%}
    select profile_key, person_key, valid_from from {{ ledger }}
    {%- else -%}
    select
        null::bigint as profile_key, null::bigint as person_key,
        null::date as valid_from
    where false
    {%- endif -%}
{%- endmacro %}
