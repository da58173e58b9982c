{%- set day_parts = {
    'night': (0, 5), 'morning': (6, 11), 'afternoon': (12, 17), 'evening': (18, 23)
} -%}
{%- set devices = ['mobile', 'desktop', 'tablet'] -%}

with
moments as (
    select * from {{ ref('int_person_moments') }}
),

by_hour as (
    select
        person_key,
        as_of_date,
        local_hour,
        coalesce(
            sum(event_count) filter (where local_weekday >= 6), 0
        )::double as weekend_count,
        {% for device in devices -%}
            coalesce(
                sum(event_count) filter (where device_category = '{{ device }}'), 0
            )::double as {{ device }}_count,
        {% endfor -%}
        sum(event_count)::double as event_count
    from moments
    group by person_key, as_of_date, local_hour
),

totals as (
    select
        person_key,
        as_of_date,
        sum(event_count) as moment_count,
        sum(weekend_count) as weekend_count,
        {% for device in devices -%}
            sum({{ device }}_count) as {{ device }}_count,
        {% endfor -%}
        {% for day_part, (first_hour, last_hour) in day_parts.items() -%}
            coalesce(
                sum(event_count) filter (
                    where local_hour between {{ first_hour }} and {{ last_hour }}
                ),
                0
            ) as {{ day_part }}_count,
        {% endfor -%}
        -- Of hours alike the earlier one: it has the larger rest.
        max_by(local_hour, event_count * 24 + 23 - local_hour) as favourite_hour
    from by_hour
    group by person_key, as_of_date
),

ftr_person_context as (
    select
        person_key,
        as_of_date,
        moment_count,
        {% for day_part in day_parts -%}
            {{ day_part }}_count / moment_count as {{ day_part }}_share,
        {% endfor -%}
        weekend_count / moment_count as weekend_moment_share,
        favourite_hour,
        {% for device in devices -%}
            {{ device }}_count
            / nullif(mobile_count + desktop_count + tablet_count, 0)
                as {{ device }}_share,
        {% endfor -%}
        case
            when mobile_count + desktop_count + tablet_count = 0 then null
            when mobile_count >= greatest(desktop_count, tablet_count) then 'mobile'
            when desktop_count >= tablet_count then 'desktop'
            else 'tablet'
        end as favourite_device
    from totals
)

select * from ftr_person_context
