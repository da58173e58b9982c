with
replayed_rows as (
    select * from {{ source('ingest', 'replayed_rows') }}
),

stg_ingest__replayed_rows as (
    select
        source_name,
        table_name,
        quarantined_load_id as load_id,
        row_number,
        quarantined_on as loaded_on,
        file_name,
        column_name,
        value,
        rule,
        was_refused,
        replayed_by_load_id,
        loaded_on as replayed_on
    from replayed_rows
)

select * from stg_ingest__replayed_rows
