{{ config(materialized='view') }}

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

-- All that decides by rule, as lines; names and descriptions decide nothing.
rule_lines as (
    select
        'rfm' as segmentation,
        concat_ws(
            '|', segment_key, priority, recency_from, recency_to, frequency_from,
            frequency_to, monetary_from, monetary_to
        ) as line
    from rfm_segments
    union all
    select
        rule_segments.segmentation,
        concat_ws(
            '|', rule_segments.segment_key, rule_segments.priority,
            segment_rules.alternative, segment_rules.variable, segment_rules.operator,
            segment_rules.value
        ) as line
    from rule_segments
    left join segment_rules
        on rule_segments.segment_key = segment_rules.segment_key
    {% for segmentation, name in [
        ('value', 'value_top_share'), ('value', 'value_middle_share'),
        ('lifecycle', 'lifecycle_prior_gaps'),
        ('lifecycle', 'lifecycle_least_gap_days'),
        ('lifecycle', 'lifecycle_default_gap_days'),
        ('lifecycle', 'at_risk_gap_multiple'), ('lifecycle', 'lapsed_gap_multiple'),
    ] %}
        union all
        select
            '{{ segmentation }}' as segmentation,
            '{{ name }}|{{ var(name) }}' as line
    {% endfor %}
),

seg_rule_hashes as (
    select
        segmentation,
        md5(string_agg(line, ',' order by line asc)) as rule_hash
    from rule_lines
    group by segmentation
)

select * from seg_rule_hashes
