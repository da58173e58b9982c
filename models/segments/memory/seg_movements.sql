-- depends_on: {{ ref('int_clock') }}

with
movement_shares as (
    select * from {{ ref('seg_movement_shares') }}
),

shared as (
    select
        *,
        (1 - model_share) * edge_share as threshold_share,
        (1 - model_share) * (1 - edge_share) as person_share
    from movement_shares
),

-- What is neither the model's nor the thresholds' is the person's, or of who she is
-- taken to be.
seg_movements as (
    select
        person_key,
        segmentation,
        from_segment_key,
        to_segment_key,
        moved_on,
        previous_on,
        case when is_regrouped then 0 else person_share end::double as behaviour_share,
        model_share,
        threshold_share::double as threshold_share,
        case when is_regrouped then person_share else 0 end::double as identity_share,
        -- Of equal shares the one that is not the customer's doing is told.
        case
            when is_regrouped and person_share >= greatest(model_share, threshold_share)
                then 'identity'
            when model_share >= greatest(threshold_share, person_share) then 'model'
            when threshold_share >= person_share then 'threshold'
            else 'behaviour'
        end as cause
    from shared
)

select * from seg_movements
