with
rfm_segments as (
    select * from {{ ref('rfm_segments') }}
),

rule_segments as (
    select * from {{ ref('rule_segments') }}
),

segment_rules as (
    select * from {{ ref('segment_rules') }}
),

-- A rule on scores is three conditions, as if it stood in `segment_rules`.
rfm_conditions as (
    select
        segment_key,
        priority,
        'recency_score' as variable,
        recency_from as lowest,
        recency_to as highest
    from rfm_segments
    union all
    select
        segment_key,
        priority,
        'frequency_score' as variable,
        frequency_from as lowest,
        frequency_to as highest
    from rfm_segments
    union all
    select
        segment_key,
        priority,
        'monetary_score' as variable,
        monetary_from as lowest,
        monetary_to as highest
    from rfm_segments
),

dim_segment_rules as (
    select
        'rfm' as segmentation,
        segment_key,
        priority::integer as priority,
        1::integer as alternative,
        variable,
        'between' as operator,
        concat(lowest, '|', highest) as value
    from rfm_conditions
    union all
    select
        rule_segments.segmentation,
        rule_segments.segment_key,
        rule_segments.priority::integer as priority,
        segment_rules.alternative::integer as alternative,
        segment_rules.variable,
        segment_rules.operator,
        segment_rules.value
    from segment_rules
    inner join rule_segments
        on segment_rules.segment_key = rule_segments.segment_key
)

select * from dim_segment_rules
