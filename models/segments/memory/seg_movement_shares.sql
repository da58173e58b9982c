{{ config(materialized='view') }}

with
changes as (
    select * from {{ ref('seg_membership_changes') }}
),

nights as (
    select * from {{ ref('seg_nights_compared') }}
),

leaders as (
    select * from {{ ref('seg_leader_history') }}
    where valid_to is null
),

scores as (
    select * from {{ ref('seg_score_counterfactuals') }}
),

purchases as (
    select * from {{ ref('seg_purchase_history') }}
    where valid_to is null
),

regrouped as (
    select * from {{ ref('seg_regrouped_persons') }}
),

-- A segmentation that there was not on the night before begins; nobody moved in it.
moved as (
    select
        changes.*,
        nights.as_of_date as moved_on,
        nights.previous_on,
        nights.is_rule_changed,
        leaders.model_share as leader_model_share,
        leaders.identity_share as leader_identity_share,
        scores.before_segment_key,
        coalesce(scores.edge_share, 0) as edge_share,
        coalesce(purchases.valid_from = nights.as_of_date, false) as has_new_purchase,
        regrouped.person_key is not null as is_regrouped
    from changes
    inner join nights
        on changes.segmentation = nights.segmentation
    left join leaders
        on changes.person_key = leaders.person_key
    left join scores
        on
            changes.person_key = scores.person_key
            and changes.segmentation = scores.segmentation
    left join purchases
        on changes.person_key = purchases.person_key
    left join regrouped
        on changes.person_key = regrouped.person_key
),

-- A change of the rules counts whole where it suffices, not where without it she was
-- there before, else half. Rules of the tiers of value are where they begin.
seg_movement_shares as (
    select
        person_key,
        segmentation,
        from_segment_key,
        to_segment_key,
        moved_on,
        previous_on,
        case
            when from_segment_key is null or to_segment_key is null then 0
            when segmentation = 'behaviour' then leader_model_share
            when not is_rule_changed then 0
            when segmentation = 'rfm' and before_segment_key = from_segment_key then 0
            when segmentation = 'value' then edge_share
            when segmentation = 'rfm' and before_segment_key != to_segment_key then 0.5
            when segmentation != 'rfm' and has_new_purchase then 0.5
            else 1
        end::double as model_share,
        case
            when is_rule_changed and segmentation = 'value' then 0 else edge_share
        end::double as edge_share,
        case
            when from_segment_key is null or to_segment_key is null then true
            when segmentation = 'behaviour' then leader_identity_share > 0
            else is_regrouped
        end as is_regrouped
    from moved
)

select * from seg_movement_shares
