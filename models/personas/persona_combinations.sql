with
people as (
    select * from {{ ref('persona_people') }}
),

memberships as (
    select * from {{ ref('seg_memberships') }}
),

combinations as (
    select
        segment_combination,
        min(person_key) as person_key,
        count(*) as person_count,
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount
    from people
    group by segment_combination
),

-- Whoever is in a combination is in its segments, so any one of them tells which.
persona_combinations as (
    select
        combinations.segment_combination,
        memberships.segmentation,
        memberships.segment_key,
        combinations.person_count,
        combinations.order_count,
        combinations.revenue_amount
    from combinations
    inner join memberships
        on combinations.person_key = memberships.person_key
)

select * from persona_combinations
