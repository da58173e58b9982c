with
contacts as (
    select * from {{ source('crm', 'contacts') }}
),

normalised as (
    select
        nullif(trim(contact_id), '') as contact_id,
        nullif(trim(customer_id), '') as customer_id,
        lower(nullif(trim(email), '')) as email,
        nullif(trim(phone), '') as phone,
        nullif(trim(first_name), '') as first_name,
        nullif(trim(last_name), '') as last_name,
        birth_date,
        nullif(trim(postcode), '') as postcode,
        nullif(trim(region), '') as region,
        nullif(trim(country_code), '') as country_code,
        lower(nullif(trim(sex), '')) as sex,
        nullif(trim(age_band), '') as age_band,
        lower(nullif(trim(marital_status), '')) as marital_status,
        nullif(trim(education), '') as education,
        nullif(trim(employment), '') as employment,
        nullif(trim(income_band), '') as income_band,
        nullif(trim(household_size), '') as household_size,
        nullif(trim(children_count), '') as children_count,
        lower(nullif(trim(home_ownership), '')) as home_ownership,
        created_at,
        loaded_on,
        load_id,
        source_file,
        source_row
    from contacts
),

judged as (
    select
        *,
        {{ first_broken_rule('crm', 'contacts', [
            ('unknown_sex', 'sex', "sex not in ('female', 'male', 'other')"),
            (
                'impossible_birth_date', 'birth_date',
                "birth_date >= loaded_on or birth_date < date '1900-01-01'",
            ),
            (
                'later_than_its_load', 'created_at',
                'created_at >= loaded_on + interval 2 day',
            ),
        ]) }} as broken_rule
    from normalised
),

stg_crm__contacts_judged as (
    select
        *,
        {{ row_verdict(['contact_id']) }} as row_verdict
    from judged
)

select * from stg_crm__contacts_judged
