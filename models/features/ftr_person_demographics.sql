with
persons as (
    select * from {{ ref('int_persons') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

banded as (
    select
        persons.person_key,
        clock.as_of_date,
        persons.sex,
        persons.age_years,
        coalesce({{ band_of_age('persons.age_years') }}, persons.age_band) as age_band,
        persons.marital_status,
        persons.home_ownership,
        persons.income_band,
        -- `5+` counts as five: of more nobody tells how many.
        try_cast(
            {{ regexp_part('persons.household_size', '^[0-9]+') }} as double
        ) as household_size,
        try_cast(
            {{ regexp_part('persons.children_count', '^[0-9]+') }} as double
        ) as children_count,
        date_diff('day', persons.first_seen_on, clock.as_of_date) as known_days
    from persons
    cross join clock
),

ftr_person_demographics as (
    select
        *,
        case age_band
            when 'under 18' then 1
            when '18-24' then 2
            when '25-34' then 3
            when '35-44' then 4
            when '45-54' then 5
            when '55-64' then 6
            when '65+' then 7
        end as age_band_number
    from banded
)

select * from ftr_person_demographics
