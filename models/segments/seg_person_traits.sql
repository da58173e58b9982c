{{ config(materialized='view') }}

with
persons as (
    select * from {{ ref('int_persons') }}
),

scores as (
    select * from {{ ref('seg_rfm_scores') }}
),

lifecycle as (
    select * from {{ ref('ftr_person_lifecycle') }}
),

engagement as (
    select * from {{ ref('ftr_person_engagement') }}
),

person_value as (
    select * from {{ ref('ftr_person_value') }}
),

geography as (
    select * from {{ ref('ftr_person_geography') }}
),

affinities as (
    select * from {{ ref('ftr_person_affinities') }}
),

campaigns as (
    select * from {{ ref('ftr_person_campaigns') }}
),

channels as (
    select * from {{ ref('seg_channel_preferences') }}
),

seg_person_traits as (
    select
        persons.person_key,
        scores.as_of_date,
        persons.age_years::integer as age_years,
        coalesce({{ band_of_age('persons.age_years') }}, persons.age_band) as age_band,
        persons.sex,
        persons.marital_status,
        persons.income_band,
        persons.household_size,
        persons.children_count,
        persons.country_code,
        geography.region,
        geography.residence,
        scores.recency_days,
        scores.frequency_count as order_count,
        scores.monetary_amount,
        scores.recency_score,
        scores.frequency_score,
        scores.monetary_score,
        lifecycle.lifecycle_stage,
        coalesce(lifecycle.order_count_30_days, 0)::bigint as order_count_30_days,
        lifecycle.expected_gap_days,
        lifecycle.overdue_ratio,
        engagement.recent_order_share,
        engagement.weekend_order_share,
        engagement.web_order_share,
        person_value.average_order_amount,
        person_value.average_line_amount,
        person_value.discount_share,
        person_value.refund_share,
        affinities.top_department,
        affinities.top_department_share,
        affinities.department_entropy,
        coalesce(campaigns.campaign_count, 0)::bigint as campaign_count,
        coalesce(campaigns.redemption_count, 0)::bigint as redemption_count,
        channels.preferred_channel
    from persons
    inner join scores
        on persons.person_key = scores.person_key
    left join lifecycle
        on persons.person_key = lifecycle.person_key
    left join engagement
        on persons.person_key = engagement.person_key
    left join person_value
        on persons.person_key = person_value.person_key
    left join geography
        on persons.person_key = geography.person_key
    left join affinities
        on persons.person_key = affinities.person_key
    left join campaigns
        on persons.person_key = campaigns.person_key
    left join channels
        on persons.person_key = channels.person_key
)

select * from seg_person_traits
