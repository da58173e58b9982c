{{ config(materialized='table') }}

with
orders as (
    select * from {{ ref('stg_shop__orders_judged') }}
),

countries as (
    select * from {{ ref('countries') }}
),

spellings as (
    select country_spelling
    from orders
    where country_spelling is not null
    group by country_spelling
),

-- Few spellings, many orders: each spelling is looked up once.
stg_shop__country_spellings as (
    select
        spellings.country_spelling,
        countries.country_code
    from spellings
    left join countries
        on {{ folded_text('spellings.country_spelling') }} = countries.spelling
)

select * from stg_shop__country_spellings
