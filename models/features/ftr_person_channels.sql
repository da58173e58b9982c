{#- Kinds of contact go by number: comparing them is most of the work. -#}
{%- set contacts = {
    'order': 1, 'web_event': 2, 'email_response': 3, 'social_event': 4, 'ad_click': 5
} -%}
{%- set sent_contacts = {'email_sent': 6, 'ad_shown': 7} -%}

with
activity as (
    select * from {{ ref('int_person_activity_daily') }}
),

-- What people do themselves; what is only sent or shown to them counts apart.
contacts as (
    select
        person_key,
        as_of_date,
        date_diff('day', activity_on, as_of_date)::integer as age_days,
        event_count::double as event_count,
        case
            when event_type = 'purchase' then {{ contacts.order }}
            when event_type in ('email_opened', 'email_clicked')
                then {{ contacts.email_response }}
            when event_type = 'email_sent' then {{ sent_contacts.email_sent }}
            when event_type = 'ads_click' then {{ contacts.ad_click }}
            when event_type = 'ads_impression' then {{ sent_contacts.ad_shown }}
            when starts_with(event_type, 'web_') then {{ contacts.web_event }}
            when starts_with(event_type, 'social_') then {{ contacts.social_event }}
        end::tinyint as contact
    from activity
),

-- Days with a contact are bits, 45 to a number: a bit is set once, however often.
totals as (
    select
        person_key,
        as_of_date,
        {% for contact, number in contacts.items() -%}
            {% for days in [7, 30, 90, 365] -%}
                sum(case
                    when contact = {{ number }} and age_days < {{ days }}
                        then event_count
                    else 0
                end) as {{ contact }}_count_{{ days }}_days,
            {% endfor -%}
            min(case when contact = {{ number }} then age_days end)
                as {{ contact }}_recency_days,
        {% endfor -%}
        {% for sent, number in sent_contacts.items() -%}
            sum(case
                when contact = {{ number }} and age_days < 90 then event_count
                else 0
            end) as {{ sent }}_count_90_days,
        {% endfor -%}
        sum(case
            when contact = {{ contacts.order }} and age_days between 90 and 179
                then event_count
            else 0
        end) as order_count_before,
        sum(case
            when
                contact between {{ contacts.web_event }} and {{ contacts.ad_click }}
                and age_days between 90 and 179
                then event_count
            else 0
        end) as contact_count_before,
        bit_or(case
            when contact <= {{ contacts.ad_click }} and age_days < 45
                then power(2, age_days)::bigint
        end) as later_days,
        bit_or(case
            when contact <= {{ contacts.ad_click }} and age_days between 45 and 89
                then power(2, age_days - 45)::bigint
        end) as earlier_days
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
        (coalesce(bit_count(later_days), 0) + coalesce(bit_count(earlier_days), 0))
        / 90.0::double as active_day_share_90_days
    from totals
)

select * from ftr_person_channels
