with
outliers as (
    select * from {{ ref('int_outliers') }}
    where action = 'quarantine'
),

order_lines as (
    select * from {{ ref('stg_shop__order_lines') }}
),

rows_set_aside as (
    select
        case when level = 'order' then 'orders' else 'order_lines' end as table_name,
        entity_key as row_key,
        'outlier' as rule,
        variable as column_name,
        measure::varchar as value
    from outliers
    union all
    -- A line waits with its order, whatever the order is set aside for.
    select
        'order_lines' as table_name,
        order_lines.order_line_id as row_key,
        'order_not_known' as rule,
        'order_id' as column_name,
        order_lines.order_id as value
    from order_lines
    inner join outliers
        on order_lines.order_id = outliers.entity_key
    where outliers.level = 'order'
),

-- A row with several outlying values is one row; its own fault goes first.
int_outlier_quarantines as (
    select
        'shop' as source_name,
        table_name,
        row_key,
        {
            'rule': rule, 'column_name': column_name, 'value': value
        } as broken_rule
    from rows_set_aside
    qualify row_number() over (
        partition by table_name, row_key
        order by rule desc, column_name asc
    ) = 1
)

select * from int_outlier_quarantines
