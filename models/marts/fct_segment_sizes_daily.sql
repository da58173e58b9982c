{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        full_refresh=false,
        on_schema_change='append_new_columns',
    )
}}

with
segments as (
    select * from {{ ref('dim_segments') }}
    where status = 'active'
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- The night alone; those before it stay as they were counted then.
fct_segment_sizes_daily as (
    select
        clock.as_of_date,
        segments.segmentation,
        segments.segment_key,
        segments.person_count,
        segments.person_share,
        segments.revenue_amount
    from segments
    cross join clock
)

select * from fct_segment_sizes_daily
