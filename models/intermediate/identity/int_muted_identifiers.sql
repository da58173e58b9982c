with
identifiers as (
    select * from {{ ref('int_profile_identifiers') }}
),

identifier_values as (
    select * from {{ ref('int_identifier_values') }}
),

profiles as (
    select * from {{ ref('int_profiles') }}
),

rules as (
    select * from {{ ref('identifier_rules') }}
),

-- Of a browser that several people log in on, of an account that rings up many
-- addresses, nobody can say whose it is.
several_values as (
    select
        identifiers.profile_key,
        identifiers.identifier_type,
        'several_values' as mute_reason,
        count(*) as value_count
    from identifiers
    inner join rules
        on identifiers.identifier_type = rules.identifier_type
    where not identifiers.is_spelling
    group by identifiers.profile_key, identifiers.identifier_type
    having count(*) > any_value(rules.maximum_per_profile)
),

-- A customer number that a whole till uses belongs to nobody, and so do the cards and
-- addresses that the till took down.
shared_accounts as (
    select
        identifiers.profile_key,
        profile_identifiers.identifier_type,
        'shared_account' as mute_reason,
        any_value(identifier_values.profile_count) as value_count
    from identifiers
    inner join identifier_values
        on
            identifiers.identifier_key = identifier_values.identifier_key
            and identifier_values.verdict != 'links'
    inner join profiles
        on
            identifiers.profile_key = profiles.profile_key
            and profiles.source_name = 'shop'
    inner join identifiers as profile_identifiers
        on identifiers.profile_key = profile_identifiers.profile_key
    where identifiers.identifier_type = 'customer_id'
    group by identifiers.profile_key, profile_identifiers.identifier_type
),

-- What the site and the advertiser saw of one cookie is one device: with the login
-- known, or known to be several people's, the advertiser's guess adds only doubt.
logged_in_devices as (
    select devices.identifier_key
    from identifiers as devices
    inner join identifiers as logins
        on
            devices.profile_key = logins.profile_key
            and logins.identifier_type = 'login'
    where devices.identifier_type = 'device'
    group by devices.identifier_key
),

weaker_claims as (
    select
        identifiers.profile_key,
        'hashed_email' as identifier_type,
        'weaker_claim' as mute_reason,
        1 as value_count
    from identifiers
    semi join logged_in_devices
        on identifiers.identifier_key = logged_in_devices.identifier_key
    where identifiers.identifier_type = 'device'
    group by identifiers.profile_key
),

int_muted_identifiers as (
    select
        profile_key,
        identifier_type,
        min(mute_reason) as mute_reason,
        arg_min(value_count, mute_reason)::bigint as value_count
    from (
        select * from several_values
        union all
        select * from shared_accounts
        union all
        select * from weaker_claims
    ) as muted
    group by profile_key, identifier_type
)

select * from int_muted_identifiers
