{{ config(materialized='view') }}

with
numbers as (
    select * from {{ ref('int_profile_identifiers') }}
    where identifier_type = 'customer_id'
),

doubtful_values as (
    select * from {{ ref('int_identifier_values') }}
    where verdict != 'links'
),

shop_profiles as (
    select * from {{ ref('int_profiles') }}
    where source_name = 'shop'
),

int_shared_accounts as (
    select numbers.profile_key
    from numbers
    semi join doubtful_values
        on numbers.identifier_key = doubtful_values.identifier_key
    semi join shop_profiles
        on numbers.profile_key = shop_profiles.profile_key
    group by numbers.profile_key
)

select * from int_shared_accounts
