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
        source_name,
        table_name,
        loaded_on,
        load_id,
        file_name,
        row_number,
        broken_rule.column_name as column_name,
        broken_rule.value as value,
        broken_rule.rule as rule
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
