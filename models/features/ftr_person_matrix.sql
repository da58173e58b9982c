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
{%- set batches = families.keys() | reject('equalto', 'rfm') | batch(3) | list -%}

-- Whoever never bought has no behaviour to compare and is left out. A few families are
-- joined at a time: every join of one statement holds its whole table in memory.
with
joined_0 as (
    select
        rfm.person_key,
        {% for feature in features if feature.family == 'rfm' -%}
            rfm.{{ feature.name }},
        {% endfor -%}
        rfm.as_of_date
    from {{ families.rfm }} as rfm -- noqa: AL06
),
{% for batch in batches %}
    joined_{{ loop.index }} as {{ materialized() }} (
        select
            {% for feature in features if feature.family in batch -%}
                {{ feature.family }}.{{ feature.name }},
            {% endfor -%}
            joined.*
        from joined_{{ loop.index0 }} as joined
        {% for family in batch -%}
            left join {{ families[family] }} as {{ family }}
                on joined.person_key = {{ family }}.person_key
        {% endfor %}
    ),
{% endfor %}

ftr_person_matrix as (
    select
        person_key,
        {% for feature in features -%}
            {{ 'coalesce(' ~ feature.name ~ ', ' ~ feature.absent_value ~ ')'
                if feature.absent_value is not none else feature.name
            }}::double as {{ feature.name }},
        {% endfor -%}
        as_of_date
    from joined_{{ batches | length }}
)

select * from ftr_person_matrix
