{{ config(materialized='view') }}

{% set checked = [
    ('crm', 'contacts', 'email', 'malformed_email'),
    ('crm', 'contacts', 'postcode', 'malformed_postcode'),
    ('crm', 'contacts', 'country_code', 'unknown_country'),
    ('crm', 'contacts', 'language_code', 'unknown_language'),
    ('crm', 'contacts', 'sex', 'unknown_sex'),
    ('crm', 'contacts', 'age_band', 'unclear_age_band'),
    ('crm', 'erasure_requests', 'email', 'malformed_email'),
    ('shop', 'orders', 'customer_email', 'malformed_email'),
    ('shop', 'stores', 'postcode', 'malformed_postcode'),
    ('shop', 'stores', 'country_code', 'unknown_country'),
    ('social', 'profiles', 'email', 'malformed_email'),
    ('survey', 'responses', 'email', 'malformed_email'),
] -%}

with
contacts as (
    select * from {{ ref('stg_crm__contacts_judged') }}
    where row_verdict != 'quarantined' and list_contains(given_columns, 'phone')
),

phones as (
    select * from {{ ref('int_phone_numbers') }}
),

orders as (
    select * from {{ ref('stg_shop__orders_judged') }}
    where row_verdict != 'quarantined' and country_spelling is not null
),

country_spellings as (
    select * from {{ ref('stg_shop__country_spellings') }}
),

-- Rows in quarantine are left out: they have their own rule and wait as a whole.
int_normalised_values as (
    {% for source_name, table_name, column_name, rule in checked %}
        select
            '{{ source_name }}' as source_name,
            '{{ table_name }}' as table_name,
            '{{ column_name }}' as column_name,
            loaded_on,
            load_id,
            source_file as file_name,
            source_row as row_number,
            '{{ rule }}' as rule,
            {{ column_name }} is null as is_blanked
        from {{ ref('stg_' ~ source_name ~ '__' ~ table_name ~ '_judged') }}
        where
            row_verdict != 'quarantined'
            and list_contains(given_columns, '{{ column_name }}')
        union all
    {% endfor %}
    select
        'crm' as source_name,
        'contacts' as table_name,
        'phone' as column_name,
        contacts.loaded_on,
        contacts.load_id,
        contacts.source_file as file_name,
        contacts.source_row as row_number,
        'malformed_phone' as rule,
        phones.is_valid is not true as is_blanked
    from contacts
    left join phones
        on
            contacts.phone = phones.phone_raw
            and contacts.country_code is not distinct from phones.country_code
    union all
    select
        'shop' as source_name,
        'orders' as table_name,
        'country_code' as column_name,
        orders.loaded_on,
        orders.load_id,
        orders.source_file as file_name,
        orders.source_row as row_number,
        'unknown_country' as rule,
        country_spellings.country_code is null as is_blanked
    from orders
    left join country_spellings
        on orders.country_spelling = country_spellings.country_spelling
)

select * from int_normalised_values
