with
versions as (
    select * from {{ ref('fit_versions') }}
),

traits as (
    select * from {{ ref('fit_segment_traits') }}
),

rfm_rules as (
    select * from {{ ref('rfm_segments') }}
),

rule_segments as (
    select * from {{ ref('rule_segments') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

behaviour_segments as (
    select
        'behaviour-' || traits.segment_number as segment_key,
        traits.segment_name,
        traits.description,
        traits.stability,
        versions.model_version
    from traits
    cross join versions
),

seg_definitions as (
    select
        'behaviour' as segmentation,
        segment_key,
        segment_name,
        description,
        stability,
        model_version
    from behaviour_segments
    union all
    select
        'behaviour' as segmentation,
        'behaviour-no-purchase' as segment_key,
        'No purchase yet' as segment_name,
        'Known but never bought: there is no behaviour to compare.' as description,
        null as stability,
        'rule' as model_version
    union all
    select
        'rfm' as segmentation,
        rfm_rules.segment_key,
        rfm_rules.segment_name,
        rfm_rules.description,
        null as stability,
        'thresholds-' || clock.as_of_date as model_version
    from rfm_rules
    cross join clock
    union all
    select
        segmentation,
        segment_key,
        segment_name,
        description,
        null as stability,
        'rule' as model_version
    from rule_segments
)

select * from seg_definitions
