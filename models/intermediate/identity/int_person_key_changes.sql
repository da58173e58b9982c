{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    full_refresh=false,
    pre_hook="{{ forget_nights_from_tonight('changed_on') }}",
) }}

-- depends_on: {{ ref('int_clock') }}

with
moves as (
    select * from {{ ref('int_person_key_moves') }}
),

assignments as (
    select * from {{ ref('int_person_key_assignments') }}
),

links as (
    select * from {{ ref('int_identity_links') }}
),

components as (
    select * from {{ ref('int_identity_components') }}
),

suspects as (
    select * from {{ ref('int_identity_suspects') }}
),

-- Everybody who is tonight the person that somebody came to.
concerned as (
    select assignments.*
    from assignments
    semi join moves
        on assignments.person_key = moves.to_person_key
),

-- Links between who came and who was there, or came from elsewhere.
joining as (
    select
        unnest([left_ends.previous_person_key, right_ends.previous_person_key])
            as from_person_key,
        left_ends.person_key as to_person_key,
        links.link_type,
        links.priority
    from links
    inner join concerned as left_ends
        on links.left_profile_key = left_ends.profile_key
    inner join concerned as right_ends
        on
            links.right_profile_key = right_ends.profile_key
            and left_ends.person_key = right_ends.person_key
            and left_ends.previous_person_key
            is distinct from right_ends.previous_person_key
),

joined_by as (
    select
        from_person_key,
        to_person_key,
        arg_min(link_type, (priority, link_type)) as reason
    from joining
    group by from_person_key, to_person_key
),

-- Who was cut off is told by the reason her component is suspicious, a decision first.
cut_by as (
    select
        components.profile_key,
        min(replace('too_many_' || suspects.reason, 'too_many_decision', 'decision'))
            as reason
    from suspects
    inner join components
        on suspects.component_key = components.component_key
    group by components.profile_key
),

int_person_key_changes as (
    select
        moves.changed_on,
        moves.from_person_key,
        moves.to_person_key,
        moves.change_type,
        case
            when moves.change_type in ('merged', 'moved') then joined_by.reason
            else coalesce(cut_by.reason, 'link_lost')
        end as reason,
        moves.profile_count
    from moves
    left join joined_by
        on
            moves.from_person_key = joined_by.from_person_key
            and moves.to_person_key = joined_by.to_person_key
    left join cut_by
        on moves.example_profile_key = cut_by.profile_key
)

select * from int_person_key_changes
