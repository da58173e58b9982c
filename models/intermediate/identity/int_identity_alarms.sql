with
identifier_values as (
    select * from {{ ref('int_identifier_values') }}
    where verdict = 'shared_too_widely'
),

muted as (
    select * from {{ ref('int_muted_identifiers') }}
    where mute_reason = 'several_values'
),

profiles as (
    select * from {{ ref('int_profiles') }}
),

alarms as (
    select
        example_profile_key as profile_key,
        'shared_value' as alarm,
        identifier_space as identifier_type,
        max(profile_count) as found_count
    from identifier_values
    group by example_profile_key, identifier_space
    union all
    select
        profile_key,
        'shared_profile' as alarm,
        identifier_type,
        value_count as found_count
    from muted
),

-- A browser that a family shares is nothing to be alarmed about.
int_identity_alarms as (
    select alarms.*
    from alarms
    inner join profiles
        on alarms.profile_key = profiles.profile_key
    where
        alarms.alarm != 'shared_profile' or profiles.source_name not in ('web', 'ads')
)

select * from int_identity_alarms
