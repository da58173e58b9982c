with
targetings as (
    select * from {{ ref('stg_campaigns__targetings_judged') }}
    where row_verdict = 'kept'
),

stg_campaigns__targetings as (
    select
        campaign_id,
        customer_id
    from targetings
)

select * from stg_campaigns__targetings
