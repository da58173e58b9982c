with
judged_rows as (
    select * from {{ ref('int_judged_rows') }}
),

loads as (
    select * from {{ ref('stg_ingest__loads') }}
),

verdicts as (
    select
        source_name,
        table_name,
        load_id,
        any_value(file_name) as file_name,
        any_value(loaded_on) as loaded_on,
        count(*) as row_count,
        count(*) filter (where row_verdict = 'kept') as kept_count,
        count(*) filter (where row_verdict = 'duplicate') as duplicate_count,
        count(*) filter (where row_verdict = 'quarantined') as quarantined_count
    from judged_rows
    group by source_name, table_name, load_id
),

-- The ledger of `tessera ingest` counted its rows before anything judged them. Files
-- that others wrote into the lake have no such count; their own rows stand for it.
int_load_counts as (
    select
        coalesce(verdicts.source_name, loads.source_name) as source_name,
        coalesce(verdicts.table_name, loads.table_name) as table_name,
        coalesce(verdicts.load_id, loads.load_id) as load_id,
        coalesce(loads.file_name, verdicts.file_name) as file_name,
        coalesce(loads.loaded_on, verdicts.loaded_on) as loaded_on,
        coalesce(loads.rows_in, verdicts.row_count) as rows_in,
        coalesce(verdicts.kept_count, 0) as kept_count,
        coalesce(verdicts.duplicate_count, 0) as duplicate_count,
        coalesce(verdicts.quarantined_count, 0)
        + coalesce(loads.rows_refused, 0) as quarantined_count
    from verdicts
    full outer join loads
        on
            verdicts.source_name = loads.source_name
            and verdicts.table_name = loads.table_name
            and verdicts.load_id = loads.load_id
)

select * from int_load_counts
