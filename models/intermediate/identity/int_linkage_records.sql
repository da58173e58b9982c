with
contacts as (
    select * from {{ ref('int_contacts_known') }}
),

social_profiles as (
    select * from {{ ref('stg_social__profiles') }}
),

phones as (
    select * from {{ ref('int_phone_numbers') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

records as (
    select
        'crm:' || contacts.contact_id as record_name,
        contacts.first_name,
        contacts.last_name,
        null as full_name,
        contacts.birth_date::varchar as birth_date,
        contacts.street_address,
        contacts.city,
        contacts.postcode,
        contacts.region,
        phones.phone_e164 as phone,
        contacts.email,
        contacts.sex,
        contacts.employment,
        contacts.created_at as known_since
    from contacts
    left join phones
        on
            contacts.phone = phones.phone_raw
            and contacts.country_code is not distinct from phones.country_code
    union all
    select
        'social:' || platform || ':' || profile_id as record_name,
        null as first_name,
        null as last_name,
        display_name as full_name,
        null as birth_date,
        null as street_address,
        null as city,
        null as postcode,
        region,
        null as phone,
        email,
        null as sex,
        null as employment,
        first_seen_at as known_since
    from social_profiles
),

-- A region or a sex alone says nothing of who somebody is. As of a past night, who came
-- later is not there yet.
int_linkage_records as (
    select
        {{ key_from_text('records.record_name') }} as profile_key,
        records.first_name,
        records.last_name,
        records.full_name,
        records.birth_date,
        records.street_address,
        records.city,
        records.postcode,
        records.region,
        records.phone,
        {{ canonical_email('records.email') }} as email,
        records.sex,
        records.employment
    from records
    cross join clock
    where
        (
            records.known_since is null
            or records.known_since::date <= clock.as_of_date
        )
        and coalesce(
            records.last_name,
            records.full_name,
            records.birth_date,
            records.phone,
            records.email
        ) is not null
)

select * from int_linkage_records
