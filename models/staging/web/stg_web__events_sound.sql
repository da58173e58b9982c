with
events as (
    select * from {{ ref('stg_web__events_normalised') }}
),

stg_web__events_sound as (
    select * from events
    where
        {% for rule, column, condition in rules_of(
            'web', 'events', [
                ('blank', 'event_id', "event_id = ''"),
                ('blank', 'visitor_id', "visitor_id = ''"),
                later_than_its_load('event_at'),
            ]
        ) -%}
        {{ 'and ' if not loop.first }}not coalesce({{ condition }}, false)
        {% else -%}
        true
        {%- endfor %}
)

select * from stg_web__events_sound
