{{ config(materialized='view') }}

{#- The numbers of the scoring, written out once more: a trace that takes no space. -#}
{%- set matrix = ref('ftr_person_matrix') -%}
{%- set groups = ref('ftr_person_groups') -%}
{%- set features = read_score_maps(
    ref('fit_feature_scaling'), ref('fit_score_maps'), ref('fit_centroids_in_use')
).features -%}
{%- set transformed = [] -%}
{%- for feature in features -%}
    {%- do transformed.append(transformed_feature(feature)) -%}
{%- endfor -%}

with
persons as (
    select
        matrix.*,
        {% for column in features | selectattr('groups') | map(attribute='group_column')
            | unique %}
            person_groups.{{ column }} as group_{{ column }},
        {% endfor %}
        person_groups.person_key as grouped_person_key
    from {{ matrix }} as matrix
    left join {{ groups }} as person_groups
        on matrix.person_key = person_groups.person_key
),

{% for feature in features if feature.model -%}
{{ feature.name }}_persons as (
    select
        *,
        {% for other in features if other.model -%}
            {{ is_finite(other.name) }} as is_{{ other.name }}_known,
        {% endfor -%}
        {{ double_array(transformed) }} as observed,
        {{ model_filled(features, 'observed', 'start') }} as started,
        {{ predicted_feature(feature.model, 'started', features | length) }}
            as prediction
    from persons
    where ({{ is_finite(feature.name) }}) is not true
),

{% endfor -%}
seg_imputed_values as (
    {% for feature in features %}
        select
            person_key,
            as_of_date,
            '{{ feature.name }}' as feature,
            '{{ feature.imputation }}' as imputation,
            {{ untransformed_feature(feature, 'prediction')
                if feature.model else filled_feature(feature) }}
                as imputed_value
        from {{ feature.name ~ '_persons' if feature.model else 'persons' }}
        where ({{ is_finite(feature.name) }}) is not true
        union all
    {% endfor %}
    select
        person_key,
        as_of_date,
        null::varchar as feature,
        null::varchar as imputation,
        null::double as imputed_value
    from persons
    where false
)

select * from seg_imputed_values
