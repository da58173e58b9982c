with
combinations as (
    select * from {{ ref('persona_person_combinations') }}
),

demographics as (
    select * from {{ ref('ftr_person_demographics') }}
),

geography as (
    select * from {{ ref('ftr_person_geography') }}
),

habits as (
    select * from {{ ref('persona_habits') }}
),

rfm as (
    select * from {{ ref('ftr_person_rfm') }}
),

affinities as (
    select * from {{ ref('ftr_person_affinities') }}
),

psychographics as (
    select * from {{ ref('ftr_person_psychographics') }}
),

lifecycle as (
    select * from {{ ref('ftr_person_lifecycle') }}
),

-- A preference that is everybody's says nothing of her.
channels as (
    select * from {{ ref('seg_channel_preferences') }}
    where is_own_choice
),

persona_people as (
    select
        combinations.person_key,
        combinations.as_of_date,
        combinations.segment_combination,
        coalesce(rfm.order_count, 0)::bigint as order_count,
        coalesce(habits.moment_count, 0)::bigint as moment_count,
        coalesce(psychographics.topic_event_count, 0)::bigint as topic_event_count,
        coalesce(rfm.monetary_amount, 0)::decimal(18, 4) as revenue_amount,
        channels.preferred_channel,
        habits.day_part,
        habits.favourite_weekday,
        habits.favourite_hour,
        habits.favourite_device,
        affinities.top_department,
        affinities.top_brand,
        psychographics.top_topic,
        lifecycle.lifecycle_stage,
        demographics.age_band,
        demographics.sex,
        case
            when demographics.children_count > 0 then 'family'
            when demographics.household_size = 1 then 'alone'
            when demographics.household_size = 2 then 'couple'
            when demographics.household_size > 2 then 'larger'
        end as household_type,
        demographics.income_band,
        geography.region,
        geography.country_code,
        geography.urbanity
    from combinations
    left join demographics on combinations.person_key = demographics.person_key
    left join geography on combinations.person_key = geography.person_key
    left join rfm on combinations.person_key = rfm.person_key
    left join habits on combinations.person_key = habits.person_key
    left join affinities on combinations.person_key = affinities.person_key
    left join psychographics on combinations.person_key = psychographics.person_key
    left join lifecycle on combinations.person_key = lifecycle.person_key
    left join channels on combinations.person_key = channels.person_key
)

select * from persona_people
