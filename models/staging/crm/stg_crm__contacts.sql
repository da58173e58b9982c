with
contacts as (
    select * from {{ ref('stg_crm__contacts_judged') }}
    where row_verdict = 'kept'
),

stg_crm__contacts as (
    select
        contact_id,
        customer_id,
        email,
        phone,
        first_name,
        last_name,
        birth_date,
        street_address,
        city,
        postcode,
        region,
        country_code,
        sex,
        age_band,
        marital_status,
        education,
        employment,
        income_band,
        household_size,
        children_count,
        home_ownership,
        created_at,
        updated_at,
        loyalty_card_id,
        language_code
    from contacts
)

select * from stg_crm__contacts
