with
normalised_values as (
    select * from {{ ref('int_normalised_values') }}
),

rules as (
    select * from {{ ref('quality_rules') }}
),

by_load as (
    select
        source_name,
        table_name,
        column_name,
        load_id,
        rule,
        any_value(loaded_on) as loaded_on,
        count(*) as given_count,
        count(*) filter (where is_blanked) as blanked_count,
        min(row_number) filter (where is_blanked) as first_row_number,
        arg_min(file_name, row_number) filter (where is_blanked) as first_file_name
    from normalised_values
    group by source_name, table_name, column_name, load_id, rule
),

fct_blanked_values as (
    select
        by_load.source_name,
        by_load.table_name,
        by_load.column_name,
        by_load.load_id,
        by_load.loaded_on,
        by_load.rule,
        by_load.given_count,
        by_load.blanked_count,
        by_load.first_file_name,
        by_load.first_row_number,
        rules.reason,
        rules.remedy
    from by_load
    left join rules
        on by_load.rule = rules.rule
)

select * from fct_blanked_values
