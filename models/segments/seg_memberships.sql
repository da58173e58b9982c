with
rfm_scores as (
    select * from {{ ref('seg_rfm_scores') }}
),

rfm_cells as (
    select * from {{ ref('seg_rfm_cells') }}
),

behaviour_memberships as (
    select * from {{ ref('seg_behaviour_memberships') }}
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

before as (
    select * from {{ ref('seg_memberships_before') }}
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
        person_key,
        as_of_date,
        'behaviour' as segmentation,
        segment_key,
        probability
    from behaviour_memberships
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

-- Whoever is where she was on the night before has been there since she entered.
seg_memberships as (
    select
        assigned.person_key,
        assigned.segmentation,
        assigned.segment_key,
        assigned.probability,
        case
            when before.segment_key = assigned.segment_key then before.valid_from
            else assigned.as_of_date
        end as entered_on,
        definitions.model_version,
        assigned.as_of_date,
        nullif(before.segment_key, assigned.segment_key) as from_segment_key
    from assigned
    left join definitions
        on
            assigned.segmentation = definitions.segmentation
            and assigned.segment_key = definitions.segment_key
    left join before
        on
            assigned.person_key = before.person_key
            and assigned.segmentation = before.segmentation
)

select * from seg_memberships
