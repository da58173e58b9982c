{#-
    As many persons say well what a distribution is, and their keys are as good as drawn.
-#}
{%- set looked_at = 20000 -%}
{%- set features = registered_features() | selectattr('is_clustered')
    | map(attribute='name') | list -%}

{{ config(materialized='view') }}

with
numbered as (
    select
        *,
        row_number() over (order by person_key asc) as sample_number
    from {{ ref('fit_learning_sample') }}
),

sample_rows as (
    select * from numbered
    where sample_number <= {{ looked_at }}
),

fit_sample_values as (
    select
        person_key,
        as_of_date,
        variable as feature,
        measure
    from {{ unpivoted('sample_rows', features or ['sample_number']) }}
)

select * from fit_sample_values
