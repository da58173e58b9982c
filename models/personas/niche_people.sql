{%- set measures = told_measures() | selectattr('niche_theme') | list -%}

with
people as (
    select * from {{ ref('persona_people') }}
),

-- Niches are looked for where persons were divided by what they do.
memberships as (
    select * from {{ ref('seg_memberships') }}
    where segmentation = 'behaviour'
),

matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

bounds as (
    select
        {% for measure in measures -%}
            any_value(low_edge) filter (where measure = '{{ measure.name }}')
                as {{ measure.name }}_low,
            any_value(high_edge) filter (where measure = '{{ measure.name }}')
                as {{ measure.name }}_high,
        {% endfor -%}
        count(*) as measure_count
    from {{ ref('persona_bounds') }}
),

-- A measure is high, or low, in the fifth of persons at its ends; a value on the edge
-- lies between, so equal values are called alike.
niche_people as (
    select
        memberships.segment_key,
        {% for measure in measures -%}
            {% set name = measure.name -%}
            case
                when matrix.{{ name }} > bounds.{{ name }}_high then 'high'
                when matrix.{{ name }} < bounds.{{ name }}_low then 'low'
                when matrix.{{ name }} is not null then 'usual'
            end as {{ name }}_level,
        {% endfor -%}
        people.* exclude (segment_combination, as_of_date) -- noqa: RF02
    from people
    inner join memberships
        on people.person_key = memberships.person_key
    inner join matrix
        on people.person_key = matrix.person_key
    cross join bounds
)

select * from niche_people
