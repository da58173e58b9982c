with
quarantined_rows as (
    select * from {{ ref('int_quarantined_rows') }}
),

-- What names a person is masked here, and an e-mail address in whatever column it
-- went astray; the row itself stays in the
-- lake, where file and row number find it.
fct_quarantined_rows as (
    select
        source_name,
        table_name,
        load_id,
        loaded_on,
        file_name,
        row_number,
        column_name,
        case
            when value is null then null
            when
                {{ is_direct_identifier('source_name', 'table_name', 'column_name') }}
                or contains(value, '@')
                then '***'
            else value
        end as value,
        rule,
        reason,
        remedy,
        replayed_by_load_id
    from quarantined_rows
)

select * from fct_quarantined_rows
