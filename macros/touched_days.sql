{#
    The days that the loads no finished run has read have rows of, as date literals in
    order; none where the model that asks is built from nothing.

    Such days are computed anew, wholly, from the lake. Asked when the model compiles,
    so that they stand in its SQL as literals.

    Arguments
        source_name, table_name (string): the lake table.
        moment (string): its date or timestamp.
#}
{% macro touched_days(source_name, table_name, moment) -%}
    {%- set loads = new_loads(source_name, table_name) -%}
    {%- set days = [] -%}
    {%- if loads -%}
        {%- set query -%}
            select distinct {{ moment }}::date::varchar
            from {{ source(source_name, table_name) }}
            where
                load_id in ('{{ loads | join("', '") }}')
                and {{ moment }} < loaded_on + interval 2 day
            order by 1
        {%- endset -%}
        {%- for day in run_query(query).columns[0].values() -%}
            {%- do days.append("date '" ~ day ~ "'") -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(days) }}
{%- endmacro %}
