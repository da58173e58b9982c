{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

known as (
    {{ rows_before('int_linkage_parameters', {
        'learned_on': 'date', 'reason': 'varchar', 'rules_key': 'varchar',
        'record_count': 'bigint', 'attributes': 'varchar[]', 'match_share': 'double',
        'shares': 'varchar',
        'frequencies':
            'struct(column_name varchar, value_key bigint, frequency double)[]',
    }, true) }}
),

-- Strictly before tonight, so that a night can be run twice with one result.
int_linkage_parameters_before as (
    select known.*
    from known
    cross join clock
    where known.learned_on < clock.as_of_date
    order by known.learned_on desc
    limit 1
)

select * from int_linkage_parameters_before
