with
campaigns as (
    select * from {{ ref('stg_campaigns__campaigns_judged') }}
    where row_verdict = 'kept'
),

stg_campaigns__campaigns as (
    select
        campaign_id,
        campaign_type,
        starts_on,
        ends_on
    from campaigns
)

select * from stg_campaigns__campaigns
