-- Campaigns address customers by the shop's number, so they bring shop profiles too.
{%- set seen_by_source = {
    'shop': [
        ('int_orders', 'customer_id', 'ordered_on'),
        ('stg_campaigns__redemptions', 'customer_id', 'redeemed_on'),
        ('targeted', 'customer_id', 'starts_on'),
    ],
    'crm': [('int_contacts_known', 'contact_id', 'created_at')],
    'web': [('stg_web__visitor_days', 'visitor_id', 'event_on')],
    'email': [('int_email_activity_daily', 'profile_id', 'activity_on')],
    'social': [
        ('stg_social__profiles', "platform || ':' || profile_id", 'first_seen_at'),
        ('int_social_activity_daily', 'profile_id', 'activity_on'),
    ],
    'ads': [('int_ads_activity_daily', 'profile_id', 'activity_on')],
    'survey': [('stg_survey__responses', 'respondent_id', 'answered_at')],
} %}

with
clock as (
    select * from {{ ref('int_clock') }}
),

-- Somebody who is addressed is known from then on, whenever she first buys.
targeted as (
    select
        targetings.customer_id,
        campaigns.starts_on
    from {{ ref('stg_campaigns__targetings') }} as targetings
    left join {{ ref('stg_campaigns__campaigns') }} as campaigns
        on targetings.campaign_id = campaigns.campaign_id
),

seen as (
    {% for source_name, relations in seen_by_source.items() %}
        {% set is_last_source = loop.last %}
        {% for relation, profile_id, seen_on in relations %}
            select
                '{{ source_name }}' as source_name,
                {{ profile_id }} as profile_id,
                min({{ seen_on }})::date as first_seen_on
            from {{ relation if relation == 'targeted' else ref(relation) }}
            where {{ profile_id }} is not null
            group by {{ profile_id }}
            {% if not (loop.last and is_last_source) %}union all{% endif %}
        {% endfor %}
    {% endfor %}
),

profiles as (
    select
        source_name,
        profile_id,
        min(first_seen_on) as first_seen_on
    from seen
    group by source_name, profile_id
),

-- As of a past night, who came later is not there yet.
int_profiles as (
    select
        {{ key_from_text("profiles.source_name || ':' || profiles.profile_id") }}
            as profile_key,
        profiles.source_name,
        profiles.profile_id,
        profiles.first_seen_on
    from profiles
    cross join clock
    where
        profiles.first_seen_on is null or profiles.first_seen_on <= clock.as_of_date
)

select * from int_profiles
