{#
    The stretches that lasted when tonight began, of a table in `models/segments/memory`
    that remembers: whatever tonight or a later night wrote is left out, so a night run
    twice and a past night built again see what they saw. A reference would be a circle,
    for the table is written from what reads this. No rows before its first night.

    Arguments
        name (string): the model; it has `valid_from` and `valid_to`, exclusive, null
            while a stretch lasts.
        columns (mapping of string to string): type of each column asked for, besides
            `valid_from`.
#}
{% macro stretches_before(name, columns) -%}
    {%- set clock = ref('int_clock') -%}
    {%- set table = adapter.get_relation(
        database=target.database,
        schema=generate_schema_name('segments', none),
        identifier=name,
    ) if execute -%}
    {%- if table -%}
    select {{ columns.keys() | join(', ') }}, valid_from from {{ table }}
    where
        valid_from < (select as_of_date from {{ clock }})
        and (valid_to is null or valid_to >= (select as_of_date from {{ clock }}))
    {%- else -%}
    select
        {%- for column, type in columns.items() %}
        null::{{ type }} as {{ column }},
        {%- endfor %}
        null::date as valid_from
    where false
    {%- endif -%}
{%- endmacro %}
