{{ config(materialized='table') }}

with
events as (
    select * from {{ source('web', 'events') }}
),

replayed_rows as (
    select * from {{ ref('stg_ingest__replayed_rows') }}
    where source_name = 'web' and table_name = 'events' and not was_refused
),

replaced_counts as (
    select
        load_id,
        count(*) as row_count
    from replayed_rows
    group by load_id
),

-- The engine counts from the files' footers and reads no row.
load_counts as (
    select
        load_id,
        loaded_on,
        count(*) as row_count
    from events
    group by load_id, loaded_on
),

stg_web__event_loads as (
    select
        load_counts.load_id,
        load_counts.loaded_on,
        load_counts.row_count - coalesce(replaced_counts.row_count, 0) as row_count
    from load_counts
    left join replaced_counts
        on load_counts.load_id = replaced_counts.load_id
)

select * from stg_web__event_loads
