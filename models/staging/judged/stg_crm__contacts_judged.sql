with
contacts as (
    select * from {{ source('crm', 'contacts') }}
    where {{ in_new_load('crm', 'contacts') }}
),

countries as (
    select * from {{ ref('countries') }}
),

languages as (
    select * from {{ ref('languages') }}
),

normalised as (
    select
        nullif(trim(contacts.contact_id), '') as contact_id,
        nullif(trim(contacts.customer_id), '') as customer_id,
        {{ normalised_email('contacts.email') }} as email,
        {{ normalised_text('contacts.phone') }} as phone,
        {{ normalised_name('contacts.first_name') }} as first_name,
        {{ normalised_name('contacts.last_name') }} as last_name,
        contacts.birth_date,
        {{ normalised_text('contacts.street_address') }} as street_address,
        {{ normalised_text('contacts.city') }} as city,
        {{ postcode('contacts.postcode', 'countries.country_code') }} as postcode,
        {{ normalised_text('contacts.region') }} as region,
        countries.country_code,
        {{ sex_code('contacts.sex') }} as sex,
        {{ normalised_age_band('contacts.age_band') }} as age_band,
        lower({{ normalised_text('contacts.marital_status') }}) as marital_status,
        {{ normalised_text('contacts.education') }} as education,
        {{ normalised_text('contacts.employment') }} as employment,
        {{ normalised_text('contacts.income_band') }} as income_band,
        {{ normalised_text('contacts.household_size') }} as household_size,
        {{ normalised_text('contacts.children_count') }} as children_count,
        lower({{ normalised_text('contacts.home_ownership') }}) as home_ownership,
        contacts.created_at,
        contacts.updated_at,
        nullif(trim(contacts.loyalty_card_id), '') as loyalty_card_id,
        languages.language_code,
        {{ given_columns(['email', 'phone', 'postcode', 'country_code', 'language_code',
            'sex', 'age_band'], 'contacts') }} as given_columns,
        {{ content_hash('crm', 'contacts', 'contacts') }} as content_hash,
        contacts.loaded_on,
        contacts.load_id,
        contacts.source_file,
        contacts.source_row
    from contacts
    left join countries
        on {{ folded_text('contacts.country_code') }} = countries.spelling
    left join languages
        on {{ language_key('contacts.language_code') }} = languages.spelling
),

judged as (
    select
        *,
        -- Everything but the key, past case and blanks.
        md5_number_upper(
            lower(to_json(struct_pack(*columns(* exclude (
                contact_id, given_columns, content_hash, loaded_on, load_id,
                source_file, source_row
            ))))::varchar)
        ) as person_hash,
        {{ first_broken_rule('crm', 'contacts', [
            ('impossible_birth_date', 'birth_date',
                "birth_date >= loaded_on or birth_date < date '1900-01-01'"),
            later_than_its_load('created_at'),
        ]) }} as broken_rule,
        true as is_decided
    from normalised
),

versions as (
    select * from judged
    {{ known_lookalikes('judged', 'contact_id', 'person_hash') }}
),

by_key as (
    select
        *,
        {{ row_verdict(['contact_id']) }} as key_verdict
    from versions
),

-- Two contacts that say the same of a person who can be told apart, past case and
-- blanks, are one that was entered twice: the first stays.
stg_crm__contacts_judged as (
    select
        * exclude (key_verdict, is_decided),
        {{ lookalike_verdict(
            'key_verdict', 'contact_id', 'person_hash',
            'coalesce(customer_id, email, phone, last_name || birth_date) is not null',
        ) }} as row_verdict
    from by_key
    qualify is_decided
)

select * from stg_crm__contacts_judged
