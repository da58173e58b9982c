with
persons as (
    select * from {{ ref('int_persons') }}
),

person_sources as (
    select * from {{ ref('int_person_sources') }}
),

areas as (
    select * from {{ ref('int_person_areas') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- What the person, or who was told by her, said; then, apart, what is published of the
-- place: its department, and bands wide enough to hide in.
dim_persons as (
    select
        persons.person_key,
        persons.first_seen_on,
        persons.last_seen_on,
        persons.country_code,
        persons.region,
        coalesce({{ band_of_age('persons.age_years') }}, persons.age_band) as age_band,
        persons.sex,
        persons.marital_status,
        persons.education,
        persons.employment,
        persons.income_band,
        persons.household_size,
        persons.children_count,
        persons.home_ownership,
        persons.language_code,
        date_diff('day', persons.first_seen_on, clock.as_of_date)::bigint
            as tenure_days,
        person_sources.is_known,
        person_sources.profile_count,
        person_sources.source_count,
        coalesce(areas.area_match, 'none') as area_match,
        areas.area_department_code,
        areas.area_department,
        areas.area_region,
        areas.area_urbanity
    from persons
    inner join person_sources
        on persons.person_key = person_sources.person_key
    cross join clock
    left join areas
        on persons.person_key = areas.person_key
)

select * from dim_persons
