{{ config(materialized='view') }}

with
people as (
    select * from {{ ref('niche_people') }}
),

sample_rows as (
    select * from {{ ref('fit_sample') }}
),

niche_sample as (
    select people.*
    from people
    inner join sample_rows
        on people.person_key = sample_rows.person_key
)

select * from niche_sample
