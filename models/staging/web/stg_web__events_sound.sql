with
events as (
    select * from {{ ref('stg_web__events_normalised') }}
),

stg_web__events_sound as (
    select * from events
    where not coalesce(
        {% for rule, column, condition in rules_of(
            'web', 'events', [
                ('blank', 'event_id', "event_id = ''"),
                ('blank', 'visitor_id', "visitor_id = ''"),
                later_than_its_load('event_at'),
            ]
        ) -%}
        {{ 'or ' if not loop.first }}{{ condition }}
        {% else -%}
        false
        {%- endfor %}, false
    )
)

select * from stg_web__events_sound
