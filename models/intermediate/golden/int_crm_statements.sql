-- A view, and all that is made of it up to the winners: nothing that names a person is
-- stored but in int_contact_points.
{{ config(materialized='view') }}

with
contacts as (
    select * from {{ ref('stg_crm__contacts_judged') }}
    where row_verdict in ('kept', 'repeated', 'superseded')
),

phones as (
    select * from {{ ref('int_phone_numbers') }}
    where is_valid
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- The version that staging would have kept, had it seen nothing said after the night.
versions as (
    select
        contacts.*,
        coalesce(contacts.updated_at, contacts.created_at) as said_at
    from contacts
    cross join clock
    where
        coalesce(contacts.updated_at, contacts.created_at) is null
        or coalesce(contacts.updated_at, contacts.created_at)::date <= clock.as_of_date
    qualify row_number() over (
        partition by contacts.contact_id
        order by contacts.load_id desc, contacts.source_row desc
    ) = 1
),

-- A postcode means something only in its country, which therefore goes with it.
texts as (
    select
        versions.* exclude (birth_date, phone),
        versions.birth_date::varchar as birth_date,
        phones.phone_e164 as phone,
        case
            when versions.postcode is not null then versions.country_code
        end as postcode_country_code
    from versions
    left join phones
        on
            versions.phone = phones.phone_raw
            and versions.country_code is not distinct from phones.country_code
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
