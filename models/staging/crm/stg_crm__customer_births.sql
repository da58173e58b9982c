{{ config(materialized='table') }}

with
contacts as (
    select * from {{ ref('stg_crm__contacts') }}
    where customer_id is not null and birth_date is not null
),

-- The eldest of the contacts that share a customer number, so that an order is called
-- older than its customer only when it is older than all of them.
stg_crm__customer_births as (
    select
        customer_id,
        min(birth_date) as birth_date
    from contacts
    group by customer_id
)

select * from stg_crm__customer_births
