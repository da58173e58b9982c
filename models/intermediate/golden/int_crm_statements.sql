{{ config(materialized='view') }}

with
contacts as (
    select * from {{ ref('int_contacts_known') }}
    where contact_id in (
        select touched.profile_id from {{ ref('int_touched_profiles') }} as touched
        where touched.source_name = 'crm'
    )
),

phones as (
    select * from {{ ref('int_phone_numbers') }}
    where is_valid
),

-- A postcode means something only in its country, which therefore goes with it.
texts as (
    select
        contacts.* exclude (birth_date, phone),
        contacts.birth_date::varchar as birth_date,
        phones.phone_e164 as phone,
        case
            when contacts.postcode is not null then contacts.country_code
        end as postcode_country_code
    from contacts
    left join phones
        on
            contacts.phone = phones.phone_raw
            and contacts.country_code is not distinct from phones.country_code
),

int_crm_statements as (
    select
        contact_id as profile_id,
        attribute,
        attribute_value,
        said_at
    from texts unpivot (
        attribute_value for attribute in (
            email, phone, first_name, last_name, birth_date, street_address, city,
            postcode, postcode_country_code, region, country_code, sex, age_band,
            marital_status, education, employment, income_band, household_size,
            children_count, home_ownership, language_code
        )
    )
)

select * from int_crm_statements
