with
person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

activity as (
    select * from {{ ref('int_person_activity_daily') }}
),

contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

activity_days as (
    select
        person_key,
        min(activity_on) as first_active_on,
        max(activity_on) as last_active_on
    from activity
    group by person_key
),

-- Where several contacts carry one customer number, the newest speaks for the person.
person_contacts as (
    select
        person_profiles.person_key,
        contacts.*
    from contacts
    inner join person_profiles
        on
            person_profiles.source_name = 'crm'
            and contacts.contact_id = person_profiles.profile_id
    cross join clock
    where contacts.created_at is null or contacts.created_at::date <= clock.as_of_date
    qualify row_number() over (
        partition by person_profiles.person_key
        order by contacts.created_at desc nulls last, contacts.contact_id asc
    ) = 1
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
        person_contacts.country_code,
        person_contacts.region,
        person_contacts.sex,
        person_contacts.birth_date,
        person_contacts.age_band,
        person_contacts.marital_status,
        person_contacts.income_band,
        person_contacts.household_size,
        person_contacts.children_count,
        person_contacts.home_ownership
    from founded
    cross join clock
    left join activity_days
        on founded.person_key = activity_days.person_key
    left join person_contacts
        on founded.person_key = person_contacts.person_key
    -- As of a past night, who came later is not there yet.
    where founded.first_seen_on is null or founded.first_seen_on <= clock.as_of_date
)

select * from int_persons
