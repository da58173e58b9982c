{% set prior_gaps = var('lifecycle_prior_gaps') -%}
{% set least_gap_days = var('lifecycle_least_gap_days') -%}

with
rfm as {{ inlined() }} (
    select * from {{ ref('ftr_person_rfm') }}
),

purchase_days as (
    select * from {{ ref('int_person_order_days') }}
    where order_count > 0
),

-- Without anybody who came back there is no market to learn a gap from.
market as (
    select
        coalesce(
            {{ quantile(
                'purchase_span_days::double / nullif(purchase_day_count - 1, 0)', 0.5
            ) }},
            {{ var('lifecycle_default_gap_days') }}
        )::double as market_gap_days
    from rfm
),

recent as (
    select
        rfm.person_key,
        max(purchase_days.activity_on) filter (
            where purchase_days.activity_on < rfm.last_purchase_on
        ) as previous_purchase_on,
        coalesce(
            sum(purchase_days.order_count) filter (
                where date_diff('day', purchase_days.activity_on, rfm.as_of_date) < 30
            ),
            0
        )::bigint as order_count_30_days
    from rfm
    inner join purchase_days
        on rfm.person_key = purchase_days.person_key
    group by rfm.person_key
),

-- A person's own gaps, and a few as the market has them. `earlier` is what was to be
-- expected before the last purchase.
expected as (
    select
        rfm.*,
        recent.order_count_30_days,
        market.market_gap_days,
        date_diff('day', recent.previous_purchase_on, rfm.last_purchase_on)
            as last_gap_days,
        greatest(
            {{ least_gap_days }},
            (rfm.purchase_span_days + {{ prior_gaps }} * market.market_gap_days)
            / (rfm.purchase_day_count - 1 + {{ prior_gaps }})
        )::double as expected_gap_days,
        greatest(
            {{ least_gap_days }},
            (
                date_diff('day', rfm.first_purchase_on, recent.previous_purchase_on)
                + {{ prior_gaps }} * market.market_gap_days
            )
            / (rfm.purchase_day_count - 2 + {{ prior_gaps }})
        )::double as earlier_gap_days
    from rfm
    inner join recent
        on rfm.person_key = recent.person_key
    cross join market
),

ftr_person_lifecycle as (
    select
        person_key,
        as_of_date,
        order_count_30_days,
        last_gap_days,
        expected_gap_days,
        recency_days / expected_gap_days as overdue_ratio,
        case
            when recency_days > {{ var('lapsed_gap_multiple') }} * expected_gap_days
                then 'lapsed'
            when recency_days > {{ var('at_risk_gap_multiple') }} * expected_gap_days
                then 'at_risk'
            when last_gap_days > {{ var('lapsed_gap_multiple') }} * earlier_gap_days
                then 'returned'
            when
                tenure_days <= {{ var('at_risk_gap_multiple') }}
                * greatest({{ least_gap_days }}, market_gap_days)
                then 'new'
            else 'active'
        end as lifecycle_stage
    from expected
)

select * from ftr_person_lifecycle
