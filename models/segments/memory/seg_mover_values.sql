{{ config(materialized='view') }}

with
changes as (
    select * from {{ ref('seg_membership_changes') }}
    where
        segmentation in ('rfm', 'value')
        and from_segment_key is not null
        and to_segment_key is not null
),

nights as (
    select * from {{ ref('seg_nights_compared') }}
),

rfm as (
    select * from {{ ref('ftr_person_rfm') }}
),

purchases as (
    select * from {{ ref('seg_purchase_history') }}
),

movers as (
    select
        changes.*,
        nights.previous_on,
        nights.as_of_date,
        nights.is_rule_changed
    from changes
    inner join nights
        on changes.segmentation = nights.segmentation
),

-- Her row of the night before, which tonight may have closed.
before as (
    select
        purchases.*,
        movers.segmentation
    from purchases
    inner join movers
        on
            purchases.person_key = movers.person_key
            and purchases.valid_from < movers.as_of_date
            and (
                purchases.valid_to is null or purchases.valid_to >= movers.as_of_date
            )
),

-- Whoever had no purchase has no row and no values.
seg_mover_values as (
    select
        movers.person_key,
        movers.segmentation,
        movers.from_segment_key,
        movers.to_segment_key,
        movers.is_rule_changed,
        'tonight' as values_of,
        rfm.recency_days,
        rfm.order_count,
        rfm.monetary_amount
    from movers
    left join rfm
        on movers.person_key = rfm.person_key
    union all
    select
        movers.person_key,
        movers.segmentation,
        movers.from_segment_key,
        movers.to_segment_key,
        movers.is_rule_changed,
        'before' as values_of,
        date_diff('day', before.last_purchase_on, movers.previous_on) as recency_days,
        before.order_count,
        before.monetary_amount
    from movers
    left join before
        on
            movers.person_key = before.person_key
            and movers.segmentation = before.segmentation
)

select * from seg_mover_values
