{{ config(materialized='view') }}

{#- Source, relation, columns that name the profile, its number, what it carries. -#}
{%- set carriers = [
    ('crm', 'contacts', ['contact_id'], 'contact_id', 'said_at', {
        'customer_id': 'customer_id', 'loyalty_card': 'loyalty_card_id',
        'email': 'email', 'phone': 'phone_of_person',
    }),
    ('shop', 'shop_profiles', ['profile_id'], 'profile_id', 'first_seen_on', {'customer_id': 'profile_id'}),
    ('shop', ref('stg_shop__orders'), ['customer_id'], 'customer_id', 'ordered_at', {
        'loyalty_card': 'loyalty_card_id', 'email': 'customer_email',
    }),
    ('web', ref('int_visitor_logins'), ['visitor_id'], 'visitor_id', 'logged_in_on', {'login': 'user_id'}),
    ('web', ref('int_visitor_purchases'), ['visitor_id'], 'visitor_id', 'ordered_on', {
        'order_customer': 'customer_id', 'order_email': 'guest_email',
    }),
    ('web', 'ads_visitors', ['visitor_id'], 'visitor_id', 'first_seen_on', {'device': 'visitor_id'}),
    ('social', ref('stg_social__profiles'), ['platform', 'profile_id'],
        "platform || ':' || profile_id", 'first_seen_at', {'email': 'email'}),
    ('email', ref('stg_email__events'), ['email'], 'md5(email)', 'event_at', {'email': 'email'}),
    ('survey', ref('stg_survey__responses'), ['respondent_id'], 'respondent_id', 'answered_at', {
        'email': 'email', 'hashed_email': 'email_sha256',
    }),
    ('ads', ref('stg_ads__events'), ['coalesce(visitor_id, email_sha256)'],
        'coalesce(visitor_id, email_sha256)', 'event_at', {
        'device': 'visitor_id', 'hashed_email': 'email_sha256',
    }),
] %}

with
shop_profiles as (
    select * from {{ ref('int_profiles') }}
    where source_name = 'shop'
),

-- A cookie joins what the site and the advertiser saw of it; others have none to join.
ads_visitors as (
    select
        profile_id as visitor_id,
        first_seen_on
    from {{ ref('int_profiles') }}
    where
        source_name = 'web'
        and profile_id in (
            select events.visitor_id from {{ ref('stg_ads__events') }} as events
        )
),

-- A telephone rings for a household; with the first name it tells one of them. Who now
-- says another name or birth date may contradict somebody: her values are looked at.
contacts as (
    select
        contacts.*,
        phones.phone_e164 || ' ' || {{ folded_text('contacts.first_name') }}
            as phone_of_person,
        concat_ws('|', contacts.birth_date, contacts.first_name) as said
    from {{ ref('int_contacts_known') }} as contacts
    left join {{ ref('int_phone_numbers') }} as phones
        on
            contacts.phone = phones.phone_raw
            and contacts.country_code is not distinct from phones.country_code
),

rules as (
    select * from {{ ref('int_identity_rules') }}
),

carried as (
    {% for source_name, relation, names, profile_id, seen_at, values in carriers %}
        {% set is_last_carrier = loop.last %}
        {% for identifier_type, column in values.items() %}
            select
                '{{ source_name }}' as source_name,
                {{ profile_id }} as profile_id,
                '{{ identifier_type }}' as identifier_type,
                {{ column }} as identifier_value,
                min({{ seen_at }})::date as seen_on,
                {{ 'any_value(contacts.said)' if source_name == 'crm' else 'null' }}
                    as said
            from {{ relation }}
            where {{ column }} is not null and {{ profile_id }} is not null
            group by {{ (names + [column]) | unique | join(', ') }}
            {% if not (loop.last and is_last_carrier) %}union all{% endif %}
        {% endfor %}
    {% endfor %}
),

int_profile_values as (
    select
        carried.*,
        {{ fingerprint([
            'carried.source_name', 'carried.profile_id', 'carried.identifier_type',
            'carried.identifier_value', 'carried.seen_on', 'carried.said',
            'rules.value_rules_key',
        ]) }} as fingerprint
    from carried
    cross join rules
)

select * from int_profile_values
