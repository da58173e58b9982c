with
judged_rows as (
    select * from {{ ref('int_judged_rows') }}
    where row_verdict = 'quarantined'
),

refused_rows as (
    select * from {{ ref('stg_ingest__refused_rows') }}
),

replayed_rows as (
    select * from {{ ref('stg_ingest__replayed_rows') }}
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
        judged_rows.broken_rule.rule,
        null::varchar as replayed_by_load_id
    from judged_rows
    union all
    select
        refused_rows.source_name,
        refused_rows.table_name,
        refused_rows.loaded_on,
        refused_rows.load_id,
        refused_rows.file_name,
        refused_rows.row_number,
        refused_rows.column_name,
        refused_rows.value,
        refused_rows.rule,
        replayed_rows.replayed_by_load_id
    from refused_rows
    left join replayed_rows
        on
            refused_rows.source_name = replayed_rows.source_name
            and refused_rows.table_name = replayed_rows.table_name
            and refused_rows.load_id = replayed_rows.load_id
            and refused_rows.row_number = replayed_rows.row_number
    -- What a rule set aside is out of its table once it is replayed; the note of the
    -- replay keeps what it was.
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
        rule,
        replayed_by_load_id
    from replayed_rows
    where not was_refused
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
