{#- The columns that a model reads: what is clustered on, and what medians go by. -#}
{%- set features = registered_features() | selectattr('is_clustered')
    | map(attribute='name') | list -%}
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='as_of_date',
        on_schema_change='append_new_columns',
        full_refresh=false,
        pre_hook=[
            "{{ forget_nights_from_tonight('as_of_date') }}",
            "{% if is_incremental() %} delete from {{ this }} where as_of_date < ("
            "select max(kept.as_of_date) from {{ this }} as kept) {% endif %}",
        ],
    )
}}

with
matrix as (
    select * from {{ ref('ftr_person_matrix') }}
),

person_groups as (
    select * from {{ ref('ftr_person_groups') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

fit_feature_history as (
    select
        matrix.person_key,
        clock.as_of_date,
        {% for feature in features -%}
            matrix.{{ feature }},
        {% endfor -%}
        person_groups.* exclude (person_key, as_of_date) -- noqa: RF02
    from matrix
    cross join clock
    left join person_groups
        on matrix.person_key = person_groups.person_key
)

select * from fit_feature_history
