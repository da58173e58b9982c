with
engagements as (
    select * from {{ ref('stg_social__engagements_judged') }}
    where row_verdict = 'kept'
),

stg_social__engagements as (
    select
        engagement_id,
        engaged_at,
        platform,
        profile_id,
        engagement_type,
        post_id,
        topic
    from engagements
)

select * from stg_social__engagements
