{{ config(materialized='view') }}

with
fit_learning_sample as (
    {{ learned_from(ref('fit_sample')) | indent(4) }}
)

select * from fit_learning_sample
