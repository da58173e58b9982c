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
        rows_in,
        kept_count as kept,
        repeated_count + superseded_count + lookalike_count as duplicates,
        quarantined_count as quarantined,
        repeated_count as repeated,
        superseded_count as superseded,
        lookalike_count as lookalikes
    from load_counts
)

select * from fct_load_reconciliation
