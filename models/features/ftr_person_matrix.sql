with
rfm as (
    select * from {{ ref('ftr_person_rfm') }}
),

engagement as (
    select * from {{ ref('ftr_person_engagement') }}
),

person_value as (
    select * from {{ ref('ftr_person_value') }}
),

affinities as (
    select * from {{ ref('ftr_person_affinities') }}
),

campaigns as (
    select * from {{ ref('ftr_person_campaigns') }}
),

-- Whoever never bought has no behaviour to compare and is left out.
ftr_person_matrix as (
    select
        rfm.person_key,
        rfm.as_of_date,
        rfm.recency_days::double as recency_days,
        rfm.order_count::double as order_count,
        rfm.monetary_amount::double as monetary_amount,
        engagement.active_day_share,
        engagement.mean_gap_days,
        engagement.gap_variation,
        engagement.recent_order_share,
        engagement.weekend_order_share,
        engagement.web_order_share,
        person_value.average_order_amount,
        person_value.lines_per_order,
        person_value.average_line_amount,
        person_value.discount_share,
        person_value.refund_share,
        affinities.department_count::double as department_count,
        affinities.top_department_share,
        affinities.department_entropy,
        coalesce(campaigns.campaign_count, 0)::double as campaign_count,
        coalesce(campaigns.redemption_count, 0)::double as redemption_count
    from rfm
    left join engagement
        on rfm.person_key = engagement.person_key
    left join person_value
        on rfm.person_key = person_value.person_key
    left join affinities
        on rfm.person_key = affinities.person_key
    left join campaigns
        on rfm.person_key = campaigns.person_key
)

select * from ftr_person_matrix
