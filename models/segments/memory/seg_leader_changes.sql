with
leaders as (
    select * from {{ ref('seg_behaviour_leaders') }}
),

counterfactuals as (
    select * from {{ ref('seg_counterfactual_leaders') }}
),

regrouped as (
    select * from {{ ref('seg_regrouped_persons') }}
),

before as (
    {{ stretches_before('seg_leader_history', {
        'person_key': 'bigint', 'segment_key': 'varchar',
    }) | indent(4) }}
),

changed as (
    select
        coalesce(leaders.person_key, before.person_key) as person_key,
        before.segment_key as from_segment_key,
        leaders.segment_key as to_segment_key
    from leaders
    full outer join before
        on leaders.person_key = before.person_key
    where leaders.segment_key is distinct from before.segment_key
),

-- Shapley's shares of two players, the model and the person: half of what each does
-- alone, half of what it adds to the other. No model decides about who never bought.
explained as (
    select
        changed.*,
        changed.from_segment_key is null or regrouped.person_key is not null
            as is_regrouped,
        case
            when
                changed.from_segment_key is null
                or counterfactuals.person_key is null
                or 'behaviour-no-purchase'
                in (changed.from_segment_key, changed.to_segment_key)
                then 0
            else (
                1
                + coalesce(
                    changed.to_segment_key = counterfactuals.new_model_segment_key,
                    false
                )::integer
                - coalesce(
                    changed.to_segment_key = counterfactuals.old_model_segment_key,
                    false
                )::integer
            ) / 2.0
        end::double as model_share
    from changed
    left join counterfactuals
        on changed.person_key = counterfactuals.person_key
    left join regrouped
        on changed.person_key = regrouped.person_key
),

-- What of a change is not the model's is the person's, or of who she is taken to be.
seg_leader_changes as (
    select
        person_key,
        from_segment_key,
        to_segment_key,
        case when is_regrouped then 0 else 1 - model_share end::double
            as behaviour_share,
        model_share,
        case when is_regrouped then 1 - model_share else 0 end::double
            as identity_share
    from explained
)

select * from seg_leader_changes
