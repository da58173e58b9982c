with
definitions as (
    select * from {{ ref('seg_definitions') }}
),

settled_names as (
    select * from {{ ref('persona_settled_names') }}
),

memberships as (
    select
        person_key,
        segmentation,
        segment_key
    from {{ ref('seg_memberships') }}
    union all
    select
        person_key,
        segmentation,
        segment_key
    from {{ ref('fct_segment_tags') }}
),

segmentations as (
    select * from {{ ref('segmentations') }}
),

scores as {{ inlined() }} (
    select * from {{ ref('seg_rfm_scores') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

first_nights as (
    select * from {{ ref('seg_first_nights') }}
),

sizes as (
    select
        memberships.segmentation,
        memberships.segment_key,
        count(*) as person_count,
        sum(scores.monetary_amount) as revenue_amount
    from memberships
    inner join scores
        on memberships.person_key = scores.person_key
    group by memberships.segmentation, memberships.segment_key
),

-- Shares are of everybody, so those of segments that overlap may add up to more.
everybody as (
    select
        count(*) as all_person_count,
        sum(monetary_amount) as all_revenue_amount
    from scores
),

-- A segment that nobody is in today stays listed, with no persons.
listed as (
    select
        definitions.*,
        settled_names.segment_name as settled_name,
        coalesce(sizes.person_count, 0) as person_count,
        coalesce(sizes.revenue_amount, 0) as revenue_amount,
        everybody.all_person_count,
        everybody.all_revenue_amount,
        segmentations.kind
    from definitions
    cross join everybody
    left join segmentations on definitions.segmentation = segmentations.segmentation
    left join settled_names on definitions.segment_key = settled_names.segment_key
    left join sizes on definitions.segment_key = sizes.segment_key
),

dim_segments as (
    select
        listed.segmentation,
        listed.segment_key,
        coalesce(listed.settled_name, listed.segment_name) as segment_name,
        listed.description,
        listed.kind,
        listed.person_count::bigint as person_count,
        coalesce(listed.person_count / nullif(listed.all_person_count, 0), 0)::double
            as person_share,
        coalesce(
            listed.revenue_amount::double / nullif(listed.all_revenue_amount, 0), 0
        )::double as revenue_share,
        listed.revenue_amount::decimal(18, 4) as revenue_amount,
        '{{ var("reporting_currency") }}' as currency_code,
        listed.stability,
        listed.status,
        coalesce(first_nights.first_on, clock.as_of_date) as valid_from
    from listed
    cross join clock
    left join first_nights on listed.segment_key = first_nights.segment_key
)

select * from dim_segments
