with
loads as (
    select * from {{ ref('fct_load_reconciliation') }}
),

compared as (
    select
        count(*) as load_count,
        count(*) filter (
            where rows_in != kept + duplicates + quarantined
        ) as unreconciled_count,
        min(source_name || '.' || table_name || ' ' || load_id) filter (
            where rows_in != kept + duplicates + quarantined
        ) as first_load
    from loads
),

gate_unreconciled_loads as (
    select
        'unreconciled_loads' as gate,
        'fct_load_reconciliation' as subject,
        unreconciled_count::double as figure,
        load_count || ' loads'
        || coalesce(', the first that does not add up is ' || first_load, '') as reason
    from compared
)

select * from gate_unreconciled_loads
