{{ config(materialized='view') }}

{%- set columns = {'profile_key': 'bigint', 'content_key': 'ubigint'} -%}
{%- for number in range(20) -%}
    {%- do columns.update({'block_%02d' % number: 'ubigint'}) -%}
{%- endfor -%}
{%- do columns.update({'version': 'bigint'}) %}

with
int_linkage_places_before as (
    {{ rows_before('int_linkage_places', columns) }}
)

select * from int_linkage_places_before
