with
loads as (
    select * from {{ ref('fct_load_reconciliation') }}
),

newest_days as (
    select
        source_name,
        table_name,
        loaded_on,
        sum(rows_in) as rows_in,
        sum(quarantined) as quarantined
    from loads
    group by source_name, table_name, loaded_on
    qualify loaded_on = max(loaded_on) over (partition by source_name, table_name)
),

-- Of a handful of rows one may be wrong without anything being broken.
gate_quarantined_shares as (
    select
        'quarantined_share' as gate,
        source_name || '.' || table_name as subject,
        (quarantined / rows_in)::double as figure,
        quarantined || ' of ' || rows_in || ' rows loaded on ' || loaded_on as reason
    from newest_days
    where rows_in >= 100
)

select * from gate_quarantined_shares
