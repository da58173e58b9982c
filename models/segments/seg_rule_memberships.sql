{%- set segmentations = read_segment_rules(
    segmentations=ref('segmentations'),
    rule_segments=ref('rule_segments'),
    segment_rules=ref('segment_rules'),
    persons='seg_person_traits',
) -%}
{#- What everybody is in: a partition gives one key, each segment of an overlap one. -#}
{%- set keys = ['null::varchar'] -%}
{%- for segmentation in segmentations -%}
    {%- set branches = [] -%}
    {%- for segment in segmentation.segments -%}
        {%- do branches.append(
            'when ' ~ segment.predicate ~ " then '" ~ segment.segment_key ~ "'"
        ) -%}
    {%- endfor -%}
    {%- if segmentation.kind == 'partition' -%}
        {%- do keys.append('case ' ~ branches | join(' ') ~ ' end') -%}
    {%- else -%}
        {%- for branch in branches -%}
            {%- do keys.append('case ' ~ branch ~ ' end') -%}
        {%- endfor -%}
    {%- endif -%}
{%- endfor %}

with
traits as (
    select * from {{ ref('seg_person_traits') }}
),

segments as (
    select * from {{ ref('rule_segments') }}
),

value_tiers as (
    select * from {{ ref('seg_value_tiers') }}
),

psychographic_styles as (
    select * from {{ ref('seg_psychographic_styles') }}
),

-- Everybody is looked at once. In a partition the first rule that holds wins, in an
-- overlap each that holds counts.
ruled as (
    select
        person_key,
        as_of_date,
        unnest([{{ keys | join(', ') }}]) as segment_key
    from traits
),

matched as (
    select * from ruled
    where segment_key is not null
    union all
    select
        person_key,
        as_of_date,
        segment_key
    from value_tiers
    union all
    select * from psychographic_styles
),

seg_rule_memberships as (
    select
        matched.person_key,
        matched.as_of_date,
        segments.segmentation,
        matched.segment_key
    from matched
    inner join segments
        on matched.segment_key = segments.segment_key
)

select * from seg_rule_memberships
