with
purchase_days as (
    select * from {{ ref('int_person_order_days') }}
    where order_count > 0
),

gaps as (
    select
        *,
        date_diff(
            'day',
            lag(activity_on) over (partition by person_key order by activity_on asc),
            activity_on
        ) as gap_days
    from purchase_days
),

ftr_person_engagement as (
    select
        person_key,
        as_of_date,
        count(*)::double
        / (date_diff('day', min(activity_on), as_of_date) + 1) as active_day_share,
        avg(gap_days) as mean_gap_days,
        -- Three gaps at least: the spread of two says nothing. Rounded, because sums of
        -- doubles depend on the order in which threads bring them.
        case
            when count(gap_days) >= 3
                then round(stddev_pop(gap_days) / avg(gap_days), 9)
        end as gap_variation,
        coalesce(
            sum(order_count) filter (
                where date_diff('day', activity_on, as_of_date) < 90
            ),
            0
        ) / sum(order_count) as recent_order_share,
        coalesce(
            sum(order_count) filter (where isodow(activity_on) >= 6), 0
        ) / sum(order_count) as weekend_order_share,
        sum(web_order_count) / sum(order_count) as web_order_share
    from gaps
    group by person_key, as_of_date
)

select * from ftr_person_engagement
