with
finds as (
    select * from {{ ref('niche_finds') }}
),

members as (
    select * from {{ ref('niche_members') }}
),

people as {{ inlined() }} (
    select * from {{ ref('niche_people') }}
),

counted as (
    select
        members.niche_key,
        count(*) as person_count,
        sum(people.order_count) as order_count,
        sum(people.revenue_amount) as revenue_amount
    from members
    inner join people
        on members.person_key = people.person_key
    group by members.niche_key
),

segments as (
    select
        segment_key,
        count(*) as person_count,
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount
    from people
    group by segment_key
),

-- Counted over everybody, not the sample. A group that is too small is not told, and
-- nor is one whose rest is.
niche_facts as (
    select
        finds.niche_key,
        finds.segment_key,
        finds.attributes,
        finds.attribute_values,
        finds.predicate,
        counted.person_count,
        counted.person_count / segments.person_count::double as person_share,
        coalesce(
            counted.revenue_amount::double
            / nullif(segments.revenue_amount, 0)::double,
            0
        ) as revenue_share,
        counted.order_count::double / counted.person_count as order_count,
        (segments.order_count - counted.order_count)::double
        / (segments.person_count - counted.person_count) as rest_order_count,
        counted.revenue_amount::double / counted.person_count as revenue_per_person,
        (segments.revenue_amount - counted.revenue_amount)::double
        / (segments.person_count - counted.person_count) as rest_revenue_per_person,
        finds.tested_count,
        finds.expected_count,
        finds.lift,
        finds.lift_low,
        finds.lift_high,
        finds.p_value,
        finds.q_value
    from finds
    inner join counted
        on finds.niche_key = counted.niche_key
    inner join segments
        on finds.segment_key = segments.segment_key
    where
        least(counted.person_count, segments.person_count - counted.person_count)
        >= greatest(
            {{ var('niche_minimum_persons') }}, {{ var('minimum_segment_size') }}, 2
        )
)

select * from niche_facts
