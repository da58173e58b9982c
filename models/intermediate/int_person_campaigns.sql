with
campaigns as (
    select * from {{ ref('stg_campaigns__campaigns') }}
),

targetings as (
    select * from {{ ref('stg_campaigns__targetings') }}
),

person_profiles as (
    select * from {{ ref('int_person_profiles') }}
    where source_name = 'shop'
),

clock as (
    select * from {{ ref('int_clock') }}
),

-- A targeting carries no day of its own: it counts from its campaign's first day.
int_person_campaigns as (
    select
        person_profiles.person_key,
        clock.as_of_date,
        campaigns.campaign_id,
        any_value(campaigns.campaign_type) as campaign_type,
        any_value(campaigns.starts_on) as starts_on
    from targetings
    inner join campaigns
        on targetings.campaign_id = campaigns.campaign_id
    inner join person_profiles
        on targetings.customer_id = person_profiles.profile_id
    cross join clock
    where campaigns.starts_on <= clock.as_of_date
    group by
        person_profiles.person_key, clock.as_of_date, campaigns.campaign_id
)

select * from int_person_campaigns
