{#- One predicate a niche, evaluated over everybody. -#}
{%- set niches = read_niches(ref('niche_finds')) -%}

with
people as (
    select * from {{ ref('niche_people') }}
),

niche_members as (
    {% for niche in niches -%}
        select
            '{{ niche.key }}' as niche_key,
            segment_key,
            person_key
        from people
        where {{ niche.predicate }}
        union all
    {% endfor -%}
    select
        null::varchar as niche_key,
        segment_key,
        person_key
    from people
    where false
)

select * from niche_members
