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

judged as (
    select
        leaders.*,
        before.segment_key as held_segment_key,
        leaders.probabilities[model_segments.segment_number] as held_probability,
        date_diff('day', leader_history.valid_from, leaders.as_of_date) as led_days,
        model_segments.segment_key is not null
        and leaders.segment_key != before.segment_key
        and leaders.probability < {{ var('move_probability') }}
            as is_in_doubt
    from leaders
    inner join leader_history
        on leaders.person_key = leader_history.person_key
    left join before
        on leaders.person_key = before.person_key
    left join model_segments
        on before.segment_key = model_segments.segment_key
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
