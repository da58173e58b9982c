with
clock as (
    select * from {{ ref('int_clock') }}
),

persons as (
    select * from {{ ref('seg_rfm_scores') }}
),

partitions as (
    select * from {{ ref('segmentations') }}
    where kind = 'partition'
),

rules as (
    select * from {{ ref('seg_rule_hashes') }}
),

value_tiers as (
    select * from {{ ref('seg_value_tiers') }}
),

-- Where tiers of value begin tonight: an amount that somebody has.
tiers as (
    select
        'value' as segmentation,
        min(monetary_amount) filter (where segment_key = 'value-top')::decimal(18, 2)
            as top_from_amount,
        min(monetary_amount) filter (
            where segment_key in ('value-top', 'value-middle')
        )::decimal(18, 2) as middle_from_amount
    from value_tiers
),

seg_nights as (
    select
        clock.as_of_date,
        partitions.segmentation,
        rules.rule_hash,
        tiers.top_from_amount,
        tiers.middle_from_amount
    from partitions
    cross join clock
    left join rules
        on partitions.segmentation = rules.segmentation
    left join tiers
        on partitions.segmentation = tiers.segmentation
    where exists (select 1 from persons)
)

select * from seg_nights
