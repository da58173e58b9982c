{#- What people do themselves; what is only sent or shown to them counts apart. -#}
{%- set contacts = {
    'order': 'order', 'web_event': 'web', 'email_response': 'email',
    'social_event': 'social', 'ad_click': 'ads'
} -%}
{%- set sent_contacts = {'email_sent': 'email_sent', 'ad_shown': 'ads_shown'} -%}
{%- set own = "kind in ('" ~ contacts.values() | join("', '") ~ "')" -%}

with
contacts as (
    select * from {{ ref('int_person_contacts') }}
),

totals as (
    select
        person_key,
        as_of_date,
        {% for contact, kind in contacts.items() -%}
            {% for days in [7, 30, 90, 365] -%}
                sum(case
                    when kind = '{{ kind }}' then event_count_{{ days }}_days else 0
                end) as {{ contact }}_count_{{ days }}_days,
            {% endfor -%}
            min(case when kind = '{{ kind }}' then recency_days end)
                as {{ contact }}_recency_days,
        {% endfor -%}
        {% for sent, kind in sent_contacts.items() -%}
            sum(case when kind = '{{ kind }}' then event_count_90_days else 0 end)
                as {{ sent }}_count_90_days,
        {% endfor -%}
        sum(case when kind = 'order' then event_count_before else 0 end)
            as order_count_before,
        sum(case when {{ own }} and kind != 'order' then event_count_before else 0 end)
            as contact_count_before,
        bit_or(case when {{ own }} then later_days else 0 end) as later_days,
        bit_or(case when {{ own }} then earlier_days else 0 end) as earlier_days
    from contacts
    group by person_key, as_of_date
),

ftr_person_channels as (
    select
        * exclude (order_count_before, contact_count_before, later_days, earlier_days),
        (order_count_90_days - order_count_before)
        / nullif(order_count_90_days + order_count_before, 0) as order_trend,
        (
            web_event_count_90_days + email_response_count_90_days
            + social_event_count_90_days + ad_click_count_90_days - contact_count_before
        )
        / nullif(
            web_event_count_90_days + email_response_count_90_days
            + social_event_count_90_days + ad_click_count_90_days
            + contact_count_before,
            0
        ) as contact_trend,
        (bit_count(later_days) + bit_count(earlier_days)) / 90.0::double
            as active_day_share_90_days
    from totals
)

select * from ftr_person_channels
