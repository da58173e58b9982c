{{ config(materialized='table') }}

with
files as (
    select
        regexp_extract(
            file,
            '([^/]+)/([^/]+)/loaded_on=(([^/]+)/[^/]+)[.]parquet$',
            ['source_name', 'table_name', 'load_id', 'loaded_on']
        ) as place
    from {{ lake_listing() }}
),

loads as (
    select
        files.place.source_name,
        files.place.table_name,
        files.place.load_id,
        files.place.loaded_on::date as loaded_on
    from files
),

loads_read as (
    {{ loads_already_read() }}
),

stg_ingest__lake_loads as (
    select
        loads.source_name,
        loads.table_name,
        loads.load_id,
        loads.loaded_on,
        loads_read.load_id is null as is_new
    from loads
    left join loads_read
        on
            loads.source_name = loads_read.source_name
            and loads.table_name = loads_read.table_name
            and loads.load_id = loads_read.load_id
)

select * from stg_ingest__lake_loads
