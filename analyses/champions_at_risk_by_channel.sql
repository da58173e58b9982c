-- Whom to write to first: those who spent most and are about to go, and where to reach
-- them.
with
memberships as (
    select * from {{ ref('fct_segment_memberships') }}
    where
        segmentation = 'rfm'
        and segment_key in ('rfm-cannot-lose', 'rfm-at-risk', 'rfm-need-attention')
),

scores as (
    select * from {{ ref('fct_person_scores') }}
),

preferences as (
    select * from {{ ref('fct_channel_preferences') }}
),

champions_at_risk_by_channel as (
    select
        memberships.segment_key,
        preferences.preferred_channel,
        count(*) as person_count,
        sum(scores.monetary_amount) as revenue_amount,
        median(scores.recency_days) as median_recency_days
    from memberships
    inner join scores
        on memberships.person_key = scores.person_key
    left join preferences
        on memberships.person_key = preferences.person_key
    group by memberships.segment_key, preferences.preferred_channel
)

select * from champions_at_risk_by_channel
order by revenue_amount desc
