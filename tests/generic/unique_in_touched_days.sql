{#
    Fails on every combination of values that stands in more than one row, on the days
    that new loads have rows of.

    For tables that are too long to read every night, and whose other days cannot have
    changed. On a first run, and on `--full-refresh`, all loads are new.

    Arguments
        columns (list of string): the columns of the key, the model's grain.
        source_name, table_name (string): the lake table that the model passes on; the
            model needs its `loaded_on`.
        moment (string): its date or timestamp, part of the key.
#}
{% test unique_in_touched_days(model, columns, source_name, table_name, moment) %}

{%- set new_loads -%}
    select load_id
    from {{ ref('stg_ingest__lake_loads') }}
    where
        source_name = '{{ source_name }}'
        and table_name = '{{ table_name }}'
        and is_new
{%- endset -%}
{%- set loads = run_query(new_loads).columns[0].values() if execute else [] -%}
{%- set touched_days -%}
    select distinct {{ moment }}::date::varchar
    from {{ source(source_name, table_name) }}
    where
        load_id in ('{{ loads | join("', '") }}')
        and {{ moment }} < loaded_on + interval 2 day
    order by 1
{%- endset -%}
{%- set days = run_query(touched_days).columns[0].values() if loads else [] -%}

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
where
    {% if days -%}
    {{ moment }}::date in (date '{{ days | join("', date '") }}')
    -- Nothing is loaded earlier than the day before its own.
    and loaded_on >= date '{{ days[0] }}' - interval 1 day
    {%- else -%}
    false
    {%- endif %}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
