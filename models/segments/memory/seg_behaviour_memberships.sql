{{ config(materialized='view') }}

with
leaders as (
    select * from {{ ref('seg_behaviour_leaders') }}
),

leader_history as (
    select * from {{ ref('seg_leader_history') }}
    where valid_to is null
),

before as (
    select * from {{ ref('seg_memberships_before') }}
    where segmentation = 'behaviour'
),

-- Those that the model of tonight decides about. Nobody has a claim to another one.
model_segments as (
    select * from {{ ref('fit_champion_segments') }}
),

-- A probability holds given the model. So it is lowered by how much of its segment is
-- found again when the model is fitted anew (of two sets with Jaccard J the shared part
-- is 2J / (1 + J)). And where nothing but the model changed, the old one says one thing
-- of a person and the new one another: she is in doubt however sure either is, unless
-- the segment was born that night, of which the old one could say nothing.
compared as (
    select
        leaders.*,
        before.segment_key as held_segment_key,
        leaders.probabilities[model_segments.segment_number] as held_probability,
        date_diff('day', leader_history.valid_from, leaders.as_of_date) as led_days,
        leaders.probability
        * coalesce(2 * led_by.stability / (1 + led_by.stability), 1)
            as lowered_probability,
        coalesce(
            leader_history.model_share = 1
            and (
                led_by.former_segment_key is not null
                or led_by.fitted_on != leader_history.valid_from
            ),
            false
        ) as is_led_by_model_alone,
        coalesce(
            model_segments.segment_key is not null
            and leaders.segment_key != before.segment_key,
            false
        ) as may_stay
    from leaders
    inner join leader_history
        on leaders.person_key = leader_history.person_key
    left join before
        on leaders.person_key = before.person_key
    left join model_segments
        on before.segment_key = model_segments.segment_key
    left join model_segments as led_by
        on leaders.segment_key = led_by.segment_key
),

judged as (
    select
        *,
        may_stay
        and (
            lowered_probability < {{ var('move_probability') }}
            or is_led_by_model_alone
        ) as is_in_doubt
    from compared
),

seg_behaviour_memberships as (
    select
        person_key,
        as_of_date,
        case
            when is_in_doubt and led_days < {{ var('dwell_days') }}
                then held_segment_key
            else segment_key
        end as segment_key,
        case
            when is_in_doubt and led_days < {{ var('dwell_days') }}
                then held_probability
            else probability
        end as probability,
        segment_key as leader_segment_key,
        probability as leader_probability,
        led_days
    from judged
)

select * from seg_behaviour_memberships
