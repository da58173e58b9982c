-- Which rules refuse most of the latest load of each table, and what to do about it?
with
quarantine as (
    select * from {{ ref('fct_quarantined_rows') }}
),

latest as (
    select
        source_name,
        table_name,
        max(loaded_on) as loaded_on
    from quarantine
    group by source_name, table_name
),

why_rows_were_refused as (
    select
        quarantine.source_name,
        quarantine.table_name,
        quarantine.rule,
        any_value(quarantine.remedy) as remedy,
        count(*) as row_count,
        count(*) filter (where quarantine.replayed_by_load_id is null) as waiting_count
    from quarantine
    inner join latest
        on
            quarantine.source_name = latest.source_name
            and quarantine.table_name = latest.table_name
            and quarantine.loaded_on = latest.loaded_on
    group by quarantine.source_name, quarantine.table_name, quarantine.rule
)

select * from why_rows_were_refused
order by row_count desc
