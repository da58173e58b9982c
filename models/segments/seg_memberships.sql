with
rfm_scores as (
    select * from {{ ref('seg_rfm_scores') }}
),

rfm_cells as (
    select * from {{ ref('seg_rfm_cells') }}
),

behaviour_scores as (
    select * from {{ ref('seg_behaviour_scores') }}
),

behaviour_segments as (
    select * from {{ ref('fit_champion_segments') }}
),

rule_memberships as (
    select * from {{ ref('seg_rule_memberships') }}
),

partitions as (
    select * from {{ ref('segmentations') }}
    where kind = 'partition'
),

definitions as (
    select * from {{ ref('seg_definitions') }}
),

assigned as (
    select
        rfm_scores.person_key,
        rfm_scores.as_of_date,
        'rfm' as segmentation,
        rfm_cells.segment_key,
        1::double as probability
    from rfm_scores
    left join rfm_cells
        on
            rfm_scores.recency_score = rfm_cells.recency_score
            and rfm_scores.frequency_score = rfm_cells.frequency_score
            and rfm_scores.monetary_score = rfm_cells.monetary_score
    union all
    select
        rfm_scores.person_key,
        rfm_scores.as_of_date,
        'behaviour' as segmentation,
        coalesce(behaviour_segments.segment_key, 'behaviour-no-purchase')
            as segment_key,
        coalesce(behaviour_scores.probability, 1) as probability
    from rfm_scores
    left join behaviour_scores
        on rfm_scores.person_key = behaviour_scores.person_key
    left join behaviour_segments
        on behaviour_scores.segment_number = behaviour_segments.segment_number
    union all
    select
        rule_memberships.person_key,
        rule_memberships.as_of_date,
        rule_memberships.segmentation,
        rule_memberships.segment_key,
        1::double as probability
    from rule_memberships
    inner join partitions
        on rule_memberships.segmentation = partitions.segmentation
),

seg_memberships as (
    select
        assigned.person_key,
        assigned.segmentation,
        assigned.segment_key,
        assigned.probability,
        assigned.as_of_date as entered_on,
        definitions.model_version,
        assigned.as_of_date
    from assigned
    left join definitions
        on
            assigned.segmentation = definitions.segmentation
            and assigned.segment_key = definitions.segment_key
)

select * from seg_memberships
