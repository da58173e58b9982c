with
person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

contacts as (
    select * from {{ ref('int_person_contacts') }}
),

golden as (
    select * from {{ ref('int_golden_attributes') }}
),

births as (
    select
        person_key,
        attribute_value::date as birth_date
    from {{ ref('int_contact_points') }}
    where attribute = 'birth_date' and is_preferred
),

activity_days as (
    select
        person_key,
        min(as_of_date - tenure_days) as first_active_on,
        max(as_of_date - recency_days) as last_active_on
    from contacts
    group by person_key
),

said as (
    select
        {%- for attribute in [
            'country_code', 'region', 'postcode', 'sex', 'age_band', 'marital_status',
            'education', 'employment', 'income_band', 'household_size',
            'children_count', 'home_ownership', 'language_code',
        ] %}
            max(attribute_value) filter (where attribute = '{{ attribute }}')
                as {{ attribute }},
        {%- endfor %}
        person_key
    from golden
    group by person_key
),

founded as (
    select
        person_key,
        min(first_seen_on) as first_seen_on
    from person_profiles
    group by person_key
),

int_persons as (
    select
        founded.person_key,
        least(founded.first_seen_on, activity_days.first_active_on) as first_seen_on,
        coalesce(activity_days.last_active_on, founded.first_seen_on) as last_seen_on,
        {{ age_years('births.birth_date', 'clock.as_of_date') }} as age_years,
        said.country_code,
        said.region,
        said.postcode,
        said.sex,
        said.age_band,
        said.marital_status,
        said.education,
        said.employment,
        said.income_band,
        said.household_size,
        said.children_count,
        said.home_ownership,
        said.language_code
    from founded
    cross join clock
    left join activity_days
        on founded.person_key = activity_days.person_key
    left join births
        on founded.person_key = births.person_key
    left join said
        on founded.person_key = said.person_key
    -- As of a past night, who came later is not there yet.
    where founded.first_seen_on is null or founded.first_seen_on <= clock.as_of_date
)

select * from int_persons
