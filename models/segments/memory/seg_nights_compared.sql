{{ config(materialized='view') }}

with
nights as (
    select * from {{ ref('seg_nights') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

tonight as (
    select nights.*
    from nights
    inner join clock
        on nights.as_of_date = clock.as_of_date
),

-- The night before is the last that was built, whichever segmentations it had.
night_before as (
    select nights.*
    from nights
    inner join clock
        on nights.as_of_date < clock.as_of_date
    qualify rank() over (order by nights.as_of_date desc) = 1
),

seg_nights_compared as (
    select
        tonight.as_of_date,
        night_before.as_of_date as previous_on,
        tonight.segmentation,
        coalesce(tonight.rule_hash, '-') != coalesce(night_before.rule_hash, '-')
            as is_rule_changed,
        tonight.top_from_amount,
        tonight.middle_from_amount,
        night_before.top_from_amount as previous_top_from_amount,
        night_before.middle_from_amount as previous_middle_from_amount
    from tonight
    inner join night_before
        on tonight.segmentation = night_before.segmentation
)

select * from seg_nights_compared
