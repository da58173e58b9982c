{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

sizes as (
    {{ remembered_rows('marts', 'fct_segment_sizes_daily', {
        'segmentation': 'varchar', 'segment_key': 'varchar', 'as_of_date': 'date',
    }) | indent(4) }}
),

seg_first_nights as (
    select
        sizes.segmentation,
        sizes.segment_key,
        min(sizes.as_of_date) as first_on
    from sizes
    inner join clock
        on sizes.as_of_date < clock.as_of_date
    group by sizes.segmentation, sizes.segment_key
)

select * from seg_first_nights
