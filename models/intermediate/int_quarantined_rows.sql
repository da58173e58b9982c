with
judged_rows as (
    select * from {{ ref('int_judged_rows') }}
    where row_verdict = 'quarantined'
),

refused_rows as (
    select * from {{ ref('stg_ingest__refused_rows') }}
),

rules as (
    select * from {{ ref('quality_rules') }}
),

rows_out as (
    select
        judged_rows.source_name,
        judged_rows.table_name,
        judged_rows.loaded_on,
        judged_rows.load_id,
        judged_rows.file_name,
        judged_rows.row_number,
        judged_rows.broken_rule.column_name,
        judged_rows.broken_rule.value,
        judged_rows.broken_rule.rule
    from judged_rows
    union all
    select
        source_name,
        table_name,
        loaded_on,
        load_id,
        file_name,
        row_number,
        column_name,
        value,
        rule
    from refused_rows
),

int_quarantined_rows as (
    select
        rows_out.*,
        rules.reason,
        rules.remedy
    from rows_out
    left join rules
        on rows_out.rule = rules.rule
)

select * from int_quarantined_rows
