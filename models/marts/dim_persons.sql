with
persons as (
    select * from {{ ref('int_persons') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- A birth date would name a person; marts carry its band.
ages as (
    select
        persons.*,
        clock.as_of_date,
        date_diff('year', persons.birth_date, clock.as_of_date) - case
            when
                strftime(persons.birth_date, '%m%d')
                > strftime(clock.as_of_date, '%m%d')
                then 1
            else 0
        end as age_years
    from persons
    cross join clock
),

dim_persons as (
    select
        person_key,
        first_seen_on,
        last_seen_on,
        country_code,
        region,
        case
            when age_years < 18 then 'under 18'
            when age_years < 25 then '18-24'
            when age_years < 35 then '25-34'
            when age_years < 45 then '35-44'
            when age_years < 55 then '45-54'
            when age_years < 65 then '55-64'
            when age_years >= 65 then '65+'
            else age_band
        end as age_band,
        sex,
        marital_status,
        income_band,
        household_size,
        children_count,
        home_ownership,
        date_diff('day', first_seen_on, as_of_date)::bigint as tenure_days
    from ages
)

select * from dim_persons
