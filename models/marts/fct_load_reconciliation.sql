with
load_counts as (
    select * from {{ ref('int_load_counts') }}
),

fct_load_reconciliation as (
    select
        source_name,
        table_name,
        load_id,
        loaded_on,
        file_name,
        rows_in::bigint as rows_in,
        kept_count::bigint as kept,
        duplicate_count::bigint as duplicates,
        quarantined_count::bigint as quarantined
    from load_counts
)

select * from fct_load_reconciliation
