{{ config(materialized='table') }}

with
loads as (
    select * from {{ source('ingest', 'loads') }}
),

stg_ingest__loads as (
    select
        source_name,
        table_name,
        loaded_on || '/' || load_id as load_id,
        file_name,
        rows_in,
        rows_refused,
        loaded_on
    from loads
)

select * from stg_ingest__loads
