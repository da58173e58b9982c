{{ config(materialized='view') }}

with
nights as (
    select * from {{ ref('seg_nights') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

nights_before as (
    select
        nights.as_of_date as since_on,
        nights.segmentation,
        clock.as_of_date
    from nights
    inner join clock
        on nights.as_of_date < clock.as_of_date
),

since as (
    select
        'last_night' as window_name,
        max(since_on) as since_on
    from nights_before
    union all
    -- Where there are not thirty days, since the first night.
    select
        'last_30_days' as window_name,
        coalesce(
            max(since_on) filter (where date_diff('day', since_on, as_of_date) >= 30),
            min(since_on)
        ) as since_on
    from nights_before
),

seg_migration_windows as (
    select
        since.window_name,
        since.since_on,
        nights_before.segmentation,
        nights_before.as_of_date
    from since
    inner join nights_before
        on since.since_on = nights_before.since_on
)

select * from seg_migration_windows
