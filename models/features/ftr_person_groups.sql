with
rfm as (
    select * from {{ ref('ftr_person_rfm') }}
),

persons as (
    select * from {{ ref('int_persons') }}
),

ftr_person_groups as (
    select
        rfm.person_key,
        rfm.as_of_date,
        persons.country_code,
        persons.region,
        persons.sex,
        coalesce({{ band_of_age('persons.age_years') }}, persons.age_band) as age_band,
        case
            when rfm.order_count = 1 then '1'
            when rfm.order_count <= 3 then '2-3'
            when rfm.order_count <= 7 then '4-7'
            when rfm.order_count <= 15 then '8-15'
            else '16+'
        end as order_band,
        case
            when rfm.tenure_days < 30 then 'under 30'
            when rfm.tenure_days < 90 then '30-89'
            when rfm.tenure_days < 365 then '90-364'
            else '365+'
        end as tenure_band
    from rfm
    left join persons
        on rfm.person_key = persons.person_key
)

select * from ftr_person_groups
