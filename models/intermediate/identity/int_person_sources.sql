{%- set sources = ['crm', 'shop', 'web', 'email', 'social', 'ads', 'survey'] %}

with
person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

by_person as (
    select
        person_key,
        {% for source_name in sources -%}
            bool_or(source_name = '{{ source_name }}') as is_in_{{ source_name }},
        {% endfor -%}
        count(*) as profile_count,
        count(distinct source_name)::integer as source_count
    from person_profiles
    group by person_key
),

-- Who can be written to, or has bought: a cookie or an account that nothing ties to
-- somebody is a person too, but no campaign and no segment is about it.
int_person_sources as (
    select
        *,
        is_in_crm or is_in_shop or is_in_email as is_known
    from by_person
)

select * from int_person_sources
