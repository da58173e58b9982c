with
loads as (
    select * from {{ ref('fct_load_reconciliation') }}
),

newest_loads as (
    select
        source_name,
        max(loaded_on) as newest_on
    from loads
    group by source_name
),

compared as (
    select
        source_name,
        newest_on,
        max(newest_on) over () as newest_of_all_on
    from newest_loads
),

-- A source that the company lacks has no load and no row.
gate_silent_sources as (
    select
        'silent_source' as gate,
        source_name as subject,
        date_diff('day', newest_on, newest_of_all_on)::double as figure,
        'newest load ' || newest_on || ', of any source ' || newest_of_all_on as reason
    from compared
)

select * from gate_silent_sources
