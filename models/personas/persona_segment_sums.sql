{{ config(materialized='view') }}

with
sums as (
    select * from {{ ref('persona_measure_sums') }}
),

combinations as (
    select * from {{ ref('persona_combinations') }}
),

persona_segment_sums as (
    select
        combinations.segmentation,
        combinations.segment_key,
        sums.measure,
        sum(sums.person_count) as person_count,
        sum(sums.scaled_sum) as scaled_sum,
        sum(sums.scaled_square_sum) as scaled_square_sum,
        sum(sums.raw_sum) as raw_sum
    from sums
    inner join combinations
        on sums.segment_combination = combinations.segment_combination
    group by combinations.segmentation, combinations.segment_key, sums.measure
)

select * from persona_segment_sums
