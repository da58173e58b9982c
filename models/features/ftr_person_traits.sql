{#- The columns are the lines of the registry with the family `traits`. -#}
{%- set chosen = registered_features() | selectattr('family', 'equalto', 'traits')
    | list -%}

with
measures as (
    select * from {{ ref('ftr_person_trait_measures') }}
    where
        kind in (
            {% for kind in chosen | map(attribute='kind') | unique -%}
                '{{ kind }}',
            {% endfor -%}
            'none'
        )
),

-- Who told other interests has none of this one; who left a question out has no answer.
ftr_person_traits as (
    select
        person_key,
        {% for feature in chosen -%}
            {% set is_of_kind = "kind = '" ~ feature.kind ~ "'" -%}
            {% set is_the_trait = is_of_kind ~ " and trait = '"
                ~ feature.trait | replace("'", "''") ~ "'" -%}
            coalesce(
                max(measure) filter (where {{ is_the_trait }}),
                {{ 'null' if feature.kind == 'question'
                    else 'max(0.0) filter (where ' ~ is_of_kind ~ ')' }}
            )::double as {{ feature.name }},
        {% endfor -%}
        as_of_date
    from measures
    group by person_key, as_of_date
)

select * from ftr_person_traits
