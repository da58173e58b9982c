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
        coalesce(
            'behaviour-' || behaviour_scores.segment_number, 'behaviour-no-purchase'
        ) as segment_key,
        coalesce(behaviour_scores.probability, 1) as probability
    from rfm_scores
    left join behaviour_scores
        on rfm_scores.person_key = behaviour_scores.person_key
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
