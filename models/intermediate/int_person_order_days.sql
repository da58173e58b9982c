with
activity as (
    select * from {{ ref('int_person_activity_daily') }}
    where source_name = 'shop' and event_type in ('purchase', 'refund')
),

-- Channels and profiles of one day fall together: a day is bought on once.
int_person_order_days as (
    select
        person_key,
        as_of_date,
        activity_on,
        coalesce(sum(event_count) filter (where event_type = 'purchase'), 0)::bigint
            as order_count,
        coalesce(
            sum(event_count) filter (
                where event_type = 'purchase' and channel = 'web'
            ),
            0
        )::bigint as web_order_count,
        coalesce(sum(event_count) filter (where event_type = 'refund'), 0)::bigint
            as refund_count,
        coalesce(sum(line_count) filter (where event_type = 'purchase'), 0)::bigint
            as line_count,
        sum(sale_amount)::decimal(18, 4) as sale_amount,
        sum(discount_amount)::decimal(18, 4) as discount_amount,
        sum(refund_amount)::decimal(18, 4) as refund_amount
    from activity
    group by person_key, as_of_date, activity_on
)

select * from int_person_order_days
