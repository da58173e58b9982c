{#
    The names of segments of all nights, as `persona_names` holds them before this run. A
    reference to that model would be a circle, for it is made of them.

    Arguments: none. Gives a select of segmentation, segment_key, segment_name,
    segment_name_fr, name_traits and named_on; no rows before the first run.
#}
{% macro remembered_names() -%}
    {%- set ledger = adapter.get_relation(
        database=target.database,
        schema=generate_schema_name('personas', none),
        identifier='persona_names',
    ) if execute -%}
    {%- if ledger -%}
    select
        segmentation, segment_key, segment_name, segment_name_fr, name_traits, named_on
    from {{ ledger }}
    {%- else -%}
    select
        null::varchar as segmentation, null::varchar as segment_key,
        null::varchar as segment_name, null::varchar as segment_name_fr,
        null::varchar[] as name_traits, null::date as named_on
    where false
    {%- endif -%}
{%- endmacro %}
