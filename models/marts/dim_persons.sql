with
persons as (
    select * from {{ ref('int_persons') }}
),

person_sources as (
    select * from {{ ref('int_person_sources') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- A birth date would name a person; marts carry the band of the age.
dim_persons as (
    select
        persons.person_key,
        persons.first_seen_on,
        persons.last_seen_on,
        persons.country_code,
        persons.region,
        coalesce(
            {{ band_of_age(age_years('persons.birth_date', 'clock.as_of_date')) }},
            persons.age_band
        ) as age_band,
        persons.sex,
        persons.marital_status,
        persons.income_band,
        persons.household_size,
        persons.children_count,
        persons.home_ownership,
        date_diff('day', persons.first_seen_on, clock.as_of_date)::bigint
            as tenure_days,
        person_sources.is_known,
        person_sources.profile_count,
        person_sources.source_count
    from persons
    inner join person_sources
        on persons.person_key = person_sources.person_key
    cross join clock
)

select * from dim_persons
