with
changes as (
    select * from {{ ref('int_profile_value_changes') }}
),

last_resolution as (
    select * from {{ ref('int_identity_last_resolution') }}
),

known_values as {{ inlined() }} (
    {{ rows_before('int_profile_value_keys', {
        'profile_key': 'bigint', 'identifier_type': 'varchar',
        'identifier_key': 'bigint', 'spelling_key': 'bigint', 'seen_on': 'date',
    }) }}
),

known_verdicts as (
    {{ rows_before('int_identifier_values', {
        'identifier_key': 'bigint', 'example_profile_key': 'bigint',
    }) }}
),

-- Between two nights a value comes to be known, or was not known yet.
changed as (
    select
        profile_key,
        identifier_type,
        identifier_key,
        spelling_key
    from changes
    union all
    select
        known_values.profile_key,
        known_values.identifier_type,
        known_values.identifier_key,
        known_values.spelling_key
    from known_values
    cross join last_resolution
    where
        last_resolution.is_outdated
        or known_values.seen_on > last_resolution.after_date
        and known_values.seen_on <= last_resolution.until_date
),

-- A spelling counts as long as its hash is about.
respelled as (
    select
        known_values.profile_key,
        known_values.spelling_key as identifier_key
    from known_values
    semi join changed
        on
            known_values.spelling_key = changed.identifier_key
            and changed.identifier_type = 'hashed_email'
),

touched as (
    select
        profile_key,
        unnest([identifier_key, spelling_key]) as identifier_key
    from changed
    union all
    select * from respelled
    union all
    select
        known_verdicts.example_profile_key as profile_key,
        known_verdicts.identifier_key
    from known_verdicts
    inner join last_resolution
        on last_resolution.is_outdated
),

int_identifier_touches as (
    select
        profile_key,
        identifier_key,
        'value' as reason
    from touched
    where
        identifier_key is not null
        -- Where nothing stands yet all is built from nothing; no touch is asked for.
        and {{ 'true' if table_before('int_identifier_values') else 'false' }}
    group by profile_key, identifier_key
)

select * from int_identifier_touches
