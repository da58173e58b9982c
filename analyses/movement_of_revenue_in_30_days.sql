-- Where did the revenue go: which RFM segments lost or won the customers who pay?
with
sizes as (
    select * from {{ ref('fct_segment_sizes_daily') }}
    where segmentation = 'rfm'
),

segments as (
    select * from {{ ref('dim_segments') }}
),

last_night as (
    select max(as_of_date) as last_on
    from sizes
),

nights as (
    select
        last_night.last_on,
        max(sizes.as_of_date) filter (
            where sizes.as_of_date <= last_night.last_on - 30
        ) as before_on
    from sizes
    cross join last_night
    group by last_night.last_on
),

movement_of_revenue_in_30_days as (
    select
        segments.segment_name,
        sum(sizes.person_count) filter (where sizes.as_of_date = nights.last_on)
        - sum(sizes.person_count) filter (where sizes.as_of_date = nights.before_on)
            as person_count_change,
        sum(sizes.revenue_amount) filter (where sizes.as_of_date = nights.last_on)
        - sum(sizes.revenue_amount) filter (where sizes.as_of_date = nights.before_on)
            as revenue_amount_change
    from sizes
    cross join nights
    inner join segments
        on sizes.segment_key = segments.segment_key
    group by segments.segment_name
)

select * from movement_of_revenue_in_30_days
order by revenue_amount_change
