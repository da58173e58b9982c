{{ config(materialized='table') }}

with
refused_rows as (
    select * from {{ source('ingest', 'refused_rows') }}
),

stg_ingest__refused_rows as (
    select
        loaded_on || '/' || load_id as load_id,
        source_name,
        table_name,
        file_name,
        row_number,
        column_name,
        value,
        rule,
        raw_row,
        loaded_on
    from refused_rows
)

select * from stg_ingest__refused_rows
