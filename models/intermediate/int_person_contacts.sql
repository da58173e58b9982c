with
activity as (
    select * from {{ ref('int_person_activity_daily') }}
),

-- Kinds of up to twelve letters, which DuckDB compares without looking them up.
contacts as (
    select
        person_key,
        as_of_date,
        date_diff('day', activity_on, as_of_date)::integer as age_days,
        event_count::double as event_count,
        case
            when event_type = 'purchase' then 'order'
            when event_type in ('email_opened', 'email_clicked') then 'email'
            when event_type = 'email_sent' then 'email_sent'
            when event_type = 'ads_click' then 'ads'
            when event_type = 'ads_impression' then 'ads_shown'
            when starts_with(event_type, 'web_') then 'web'
            when starts_with(event_type, 'social_') then 'social'
            else 'other'
        end as kind
    from activity
),

-- A day is a bit, 45 to a number: it is set once, however often.
int_person_contacts as (
    select
        person_key,
        as_of_date,
        kind,
        {% for days in [7, 30, 90, 365] -%}
            sum(case when age_days < {{ days }} then event_count else 0 end)
                as event_count_{{ days }}_days,
        {% endfor -%}
        sum(case when age_days between 90 and 179 then event_count else 0 end)
            as event_count_before,
        min(age_days) as recency_days,
        max(age_days) as tenure_days,
        coalesce(
            bit_or(case when age_days < 45 then power(2, age_days)::bigint end), 0
        ) as later_days,
        coalesce(
            bit_or(case
                when age_days between 45 and 89 then power(2, age_days - 45)::bigint
            end),
            0
        ) as earlier_days
    from contacts
    group by person_key, as_of_date, kind
)

select * from int_person_contacts
