{%- set contacts = [
    'order', 'web_event', 'email_response', 'social_event', 'ad_click'
] -%}

with
activity as (
    select * from {{ ref('int_person_activity_daily') }}
),

-- What people do themselves; what is only sent or shown to them counts apart.
contacts as (
    select
        person_key,
        as_of_date,
        date_diff('day', activity_on, as_of_date) as age_days,
        event_count::double as event_count,
        case
            when event_type = 'purchase' then 'order'
            when event_type in ('email_opened', 'email_clicked') then 'email_response'
            when event_type = 'ads_click' then 'ad_click'
            when starts_with(event_type, 'web_') then 'web_event'
            when starts_with(event_type, 'social_') then 'social_event'
        end as contact,
        event_type = 'email_sent' as is_email_sent,
        event_type = 'ads_impression' as is_ad_shown
    from activity
),

-- Days with a contact are bits, 45 to a number: a bit is set once, however often.
totals as (
    select
        person_key,
        as_of_date,
        {% for contact in contacts -%}
            {% for days in [7, 30, 90, 365] -%}
                sum(event_count) filter (
                    where contact = '{{ contact }}' and age_days < {{ days }}
                ) as {{ contact }}_count_{{ days }}_days,
            {% endfor -%}
            min(age_days) filter (where contact = '{{ contact }}')
                as {{ contact }}_recency_days,
        {% endfor -%}
        sum(event_count) filter (where is_email_sent and age_days < 90)
            as email_sent_count_90_days,
        sum(event_count) filter (where is_ad_shown and age_days < 90)
            as ad_shown_count_90_days,
        coalesce(sum(event_count) filter (
            where contact = 'order' and age_days between 90 and 179
        ), 0) as order_count_before,
        coalesce(sum(event_count) filter (
            where contact != 'order' and age_days < 90
        ), 0) as contact_count_recent,
        coalesce(sum(event_count) filter (
            where contact != 'order' and age_days between 90 and 179
        ), 0) as contact_count_before,
        bit_or(power(2, least(age_days, 44))::bigint) filter (
            where contact is not null and age_days < 45
        ) as later_days,
        bit_or(power(2, least(greatest(age_days - 45, 0), 44))::bigint) filter (
            where contact is not null and age_days between 45 and 89
        ) as earlier_days
    from contacts
    group by person_key, as_of_date
),

ftr_person_channels as (
    select
        person_key,
        as_of_date,
        {% for contact in contacts -%}
            {% for days in [7, 30, 90, 365] -%}
                coalesce({{ contact }}_count_{{ days }}_days, 0)
                    as {{ contact }}_count_{{ days }}_days,
            {% endfor -%}
            {{ contact }}_recency_days,
        {% endfor -%}
        coalesce(email_sent_count_90_days, 0) as email_sent_count_90_days,
        coalesce(ad_shown_count_90_days, 0) as ad_shown_count_90_days,
        (coalesce(order_count_90_days, 0) - order_count_before)
        / nullif(coalesce(order_count_90_days, 0) + order_count_before, 0)
            as order_trend,
        (contact_count_recent - contact_count_before)
        / nullif(contact_count_recent + contact_count_before, 0) as contact_trend,
        (coalesce(bit_count(later_days), 0) + coalesce(bit_count(earlier_days), 0))
        / 90.0::double as active_day_share_90_days
    from totals
)

select * from ftr_person_channels
