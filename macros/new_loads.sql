{#
    The loads of one lake table that no finished run has read yet, as a list of load
    ids; none where the model that asks is built from nothing.

    Asked when the model compiles, so that the ids stand in its SQL as literals and the
    engine opens the new files only.

    Arguments
        source_name, table_name (string): the table.
#}
{% macro new_loads(source_name, table_name) -%}
    {%- set loads = [] -%}
    {%- if not execute -%}
        {#- Told to dbt while it parses; the second for `forget_replayed_rows`. -#}
        {%- do ref('stg_ingest__lake_loads') -%}
        {%- do ref('stg_ingest__replayed_rows') -%}
    {%- elif is_incremental() -%}
        {%- set query -%}
            select load_id
            from {{ ref('stg_ingest__lake_loads') }}
            where
                source_name = '{{ source_name }}'
                and table_name = '{{ table_name }}'
                and is_new
            order by load_id
        {%- endset -%}
        {%- do loads.extend(run_query(query).columns[0].values()) -%}
    {%- endif -%}
    {{ return(loads) }}
{%- endmacro %}
