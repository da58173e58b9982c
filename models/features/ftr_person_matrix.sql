{#-
    The columns are the lines of seeds/features.csv, each read from its family: a new
    feature is a column there and a line in the registry, and nothing here.
-#}
{%- set families = {
    'rfm': ref('ftr_person_rfm'),
    'engagement': ref('ftr_person_engagement'),
    'channels': ref('ftr_person_channels'),
    'value': ref('ftr_person_value'),
    'affinities': ref('ftr_person_affinities'),
    'departments': ref('ftr_person_departments'),
    'campaigns': ref('ftr_person_campaigns'),
    'context': ref('ftr_person_context'),
    'demographics': ref('ftr_person_demographics'),
    'psychographics': ref('ftr_person_psychographics'),
    'traits': ref('ftr_person_traits'),
    'geography': ref('ftr_person_geography'),
} -%}
{%- set features = registered_features(families) -%}

-- Whoever never bought has no behaviour to compare and is left out.
with
ftr_person_matrix as (
    select
        rfm.person_key,
        {% for feature in features -%}
            {% set value = feature.family ~ '.' ~ feature.name -%}
            {{ 'coalesce(' ~ value ~ ', ' ~ feature.absent_value ~ ')'
                if feature.absent_value is not none else value
            }}::double as {{ feature.name }},
        {% endfor -%}
        rfm.as_of_date
    from {{ families.rfm }} as rfm -- noqa: AL06
    {% for family, relation in families.items() if family != 'rfm' -%}
        left join {{ relation }} as {{ family }}
            on rfm.person_key = {{ family }}.person_key
    {% endfor %}
)

select * from ftr_person_matrix
