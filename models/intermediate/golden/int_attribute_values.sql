with
person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

statements as (
    {% for source_name in ['crm', 'shop', 'social', 'web', 'survey'] %}
        select
            '{{ source_name }}' as source_name,
            profile_id,
            attribute,
            attribute_value,
            said_at
        from {{ ref('int_' ~ source_name ~ '_statements') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Nobody is born after the night, nor is anybody older than 120: such a date is a slip
-- or stands for "not known".
int_attribute_values as (
    select
        person_profiles.person_key,
        person_profiles.profile_key,
        statements.source_name,
        statements.profile_id,
        statements.attribute,
        statements.attribute_value,
        statements.said_at
    from statements
    inner join person_profiles
        on {{ same_profile('statements', 'person_profiles') }}
    cross join clock
    where
        statements.attribute != 'birth_date'
        or {{ age_years(
            'try_cast(statements.attribute_value as date)', 'clock.as_of_date'
        ) }} between 0 and 120
)

select * from int_attribute_values
