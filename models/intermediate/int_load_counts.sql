with
judged_rows as {{ inlined() }} (
    select * from {{ ref('int_judged_rows') }}
),

web_loads as (
    select * from {{ ref('stg_web__event_loads') }}
),

loads as (
    select * from {{ ref('stg_ingest__loads') }}
),

-- Corrected since, they stay quarantined in the load that brought them.
replaced_rows as (
    select * from {{ ref('stg_ingest__replayed_rows') }}
    where not was_refused
),

verdicts as (
    select
        source_name,
        table_name,
        load_id,
        row_verdict,
        any_value(file_name) as file_name,
        any_value(loaded_on) as loaded_on,
        count(*) as row_count
    from judged_rows
    group by source_name, table_name, load_id, row_verdict
    union all
    -- Of web events the kept ones are not stored: they are what is not refused.
    select
        'web' as source_name,
        'events' as table_name,
        web_loads.load_id,
        'kept' as row_verdict,
        null as file_name,
        web_loads.loaded_on,
        web_loads.row_count - count(judged_rows.load_id) as row_count
    from web_loads
    left join judged_rows
        on
            judged_rows.source_name = 'web'
            and web_loads.load_id = judged_rows.load_id
    group by web_loads.load_id, web_loads.loaded_on, web_loads.row_count
    union all
    select
        source_name,
        table_name,
        load_id,
        'quarantined' as row_verdict,
        any_value(file_name) as file_name,
        any_value(loaded_on) as loaded_on,
        count(*) as row_count
    from replaced_rows
    group by source_name, table_name, load_id
),

by_load as (
    select
        source_name,
        table_name,
        load_id,
        any_value(file_name) as file_name,
        any_value(loaded_on) as loaded_on,
        sum(row_count) as row_count,
        sum(row_count) filter (where row_verdict = 'kept') as kept_count,
        sum(row_count) filter (where row_verdict = 'repeated') as repeated_count,
        sum(row_count) filter (where row_verdict = 'superseded') as superseded_count,
        sum(row_count) filter (where row_verdict = 'lookalike') as lookalike_count,
        sum(row_count) filter (where row_verdict = 'quarantined') as quarantined_count
    from verdicts
    group by source_name, table_name, load_id
),

-- `tessera ingest` counts rows before anything judges them; files of others do not.
int_load_counts as (
    select
        coalesce(by_load.source_name, loads.source_name) as source_name,
        coalesce(by_load.table_name, loads.table_name) as table_name,
        coalesce(by_load.load_id, loads.load_id) as load_id,
        coalesce(loads.file_name, by_load.file_name, by_load.load_id) as file_name,
        coalesce(loads.loaded_on, by_load.loaded_on) as loaded_on,
        coalesce(loads.rows_in, by_load.row_count)::bigint as rows_in,
        coalesce(by_load.kept_count, 0)::bigint as kept_count,
        coalesce(by_load.repeated_count, 0)::bigint as repeated_count,
        coalesce(by_load.superseded_count, 0)::bigint as superseded_count,
        coalesce(by_load.lookalike_count, 0)::bigint as lookalike_count,
        coalesce(by_load.quarantined_count, 0)::bigint
        + coalesce(loads.rows_refused, 0) as quarantined_count
    from by_load
    full outer join loads
        on
            by_load.source_name = loads.source_name
            and by_load.table_name = loads.table_name
            and by_load.load_id = loads.load_id
)

select * from int_load_counts
