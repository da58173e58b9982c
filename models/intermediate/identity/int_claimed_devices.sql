{{ config(materialized='view') }}

with
identifiers as {{ inlined() }} (
    select * from {{ ref('int_profile_identifiers') }}
),

-- What the site and the advertiser saw of one cookie is one device.
int_claimed_devices as (
    select devices.identifier_key
    from identifiers as devices
    inner join identifiers as claims
        on
            devices.profile_key = claims.profile_key
            and claims.identifier_type in ('login', 'order_customer', 'order_email')
    where devices.identifier_type = 'device'
    group by devices.identifier_key
)

select * from int_claimed_devices
