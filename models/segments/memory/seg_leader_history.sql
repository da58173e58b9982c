{{ config(unique_key=['person_key', 'valid_from']) }}

with
changes as (
    select * from {{ ref('seg_leader_changes') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

before as (
    {{ stretches_before('seg_leader_history', {
        'person_key': 'bigint', 'segment_key': 'varchar', 'behaviour_share': 'double',
        'model_share': 'double', 'identity_share': 'double',
    }) | indent(4) }}
),

seg_leader_history as (
    select
        before.person_key,
        before.segment_key,
        before.valid_from,
        clock.as_of_date as valid_to,
        before.behaviour_share,
        before.model_share,
        before.identity_share
    from before
    semi join changes
        on before.person_key = changes.person_key
    cross join clock
    union all
    select
        changes.person_key,
        changes.to_segment_key as segment_key,
        clock.as_of_date as valid_from,
        null::date as valid_to,
        changes.behaviour_share,
        changes.model_share,
        changes.identity_share
    from changes
    cross join clock
    where changes.to_segment_key is not null
)

select * from seg_leader_history
