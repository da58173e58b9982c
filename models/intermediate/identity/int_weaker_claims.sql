{{ config(materialized='view') }}

with
identifiers as {{ inlined() }} (
    select * from {{ ref('int_profile_identifiers') }}
),

claimed_devices as (
    select * from {{ ref('int_claimed_devices') }}
),

numbers as (
    select * from identifiers
    where identifier_type in ('login', 'order_customer')
),

-- With a login or buyer known, or known to be several people's, what an advertiser
-- guesses of a device adds only doubt; so does an order beside a login, which may be
-- somebody else's, and the address of a guest where a customer bought, too.
int_weaker_claims as (
    select
        identifiers.profile_key,
        'hashed_email' as identifier_type
    from identifiers
    semi join claimed_devices
        on identifiers.identifier_key = claimed_devices.identifier_key
    where identifiers.identifier_type = 'device'
    group by identifiers.profile_key
    union all
    select
        identifiers.profile_key,
        identifiers.identifier_type
    from identifiers
    inner join numbers
        on
            identifiers.profile_key = numbers.profile_key
            and (
                identifiers.identifier_type = 'order_email'
                or identifiers.identifier_type = 'order_customer'
                and numbers.identifier_type = 'login'
            )
    group by identifiers.profile_key, identifiers.identifier_type
)

select * from int_weaker_claims
