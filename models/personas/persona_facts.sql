with
definitions as (
    select * from {{ ref('seg_definitions') }}
),

partitions as (
    select * from {{ ref('segmentations') }}
    where kind = 'partition'
),

combinations as (
    select * from {{ ref('persona_combinations') }}
),

people as (
    select * from {{ ref('persona_people') }}
),

buyers as (
    select
        segment_combination,
        count(*) as buyer_count
    from people
    where order_count > 0
    group by segment_combination
),

totals as (
    select
        combinations.segmentation,
        combinations.segment_key,
        sum(combinations.person_count) as person_count,
        sum(coalesce(buyers.buyer_count, 0)) as buyer_count,
        sum(combinations.order_count) as order_count,
        sum(combinations.revenue_amount) as revenue_amount
    from combinations
    left join buyers
        on combinations.segment_combination = buyers.segment_combination
    group by combinations.segmentation, combinations.segment_key
),

everybody as (
    select
        segmentation,
        sum(person_count) as person_count,
        sum(revenue_amount) as revenue_amount
    from totals
    group by segmentation
),

-- Segments that nobody is in are listed too: a persona says so.
persona_facts as (
    select
        definitions.segmentation,
        definitions.segment_key,
        definitions.segment_name,
        definitions.model_version,
        coalesce(totals.person_count, 0)::bigint as person_count,
        coalesce(totals.buyer_count, 0)::bigint as buyer_count,
        coalesce(everybody.person_count, 0)::bigint as everybody_count,
        coalesce(totals.person_count, 0) >= greatest(
            {{ var('minimum_segment_size') }}, 2
        ) as is_described,
        coalesce(totals.person_count / nullif(everybody.person_count, 0), 0)::double
            as person_share,
        coalesce(
            totals.revenue_amount::double
            / nullif(everybody.revenue_amount, 0)::double,
            0
        ) as revenue_share,
        totals.order_count::double / nullif(totals.buyer_count, 0) as order_count,
        totals.revenue_amount::double / nullif(totals.buyer_count, 0)
            as revenue_per_buyer,
        totals.revenue_amount::double / nullif(totals.order_count, 0)
            as average_order_amount
    from definitions
    inner join partitions
        on definitions.segmentation = partitions.segmentation
    left join totals
        on
            definitions.segmentation = totals.segmentation
            and definitions.segment_key = totals.segment_key
    left join everybody
        on definitions.segmentation = everybody.segmentation
)

select * from persona_facts
