with
behaviour_segments as (
    select * from {{ ref('fit_champion_segments') }}
),

retired_segments as (
    select * from {{ ref('fit_retired_segments') }}
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

seg_definitions as (
    select
        'behaviour' as segmentation,
        segment_key,
        segment_name,
        description,
        stability,
        model_version,
        'active' as status
    from behaviour_segments
    union all
    select
        'behaviour' as segmentation,
        segment_key,
        segment_name,
        description,
        stability,
        model_version,
        'retired' as status
    from retired_segments
    union all
    select
        'behaviour' as segmentation,
        'behaviour-no-purchase' as segment_key,
        'No purchase yet' as segment_name,
        'Known but never bought: there is no behaviour to compare.' as description,
        null as stability,
        'rule' as model_version,
        'active' as status
    union all
    select
        'rfm' as segmentation,
        rfm_rules.segment_key,
        rfm_rules.segment_name,
        rfm_rules.description,
        null as stability,
        'thresholds-' || clock.as_of_date as model_version,
        'active' as status
    from rfm_rules
    cross join clock
    union all
    select
        segmentation,
        segment_key,
        segment_name,
        description,
        null as stability,
        'rule' as model_version,
        'active' as status
    from rule_segments
)

select * from seg_definitions
