with
events as (
    select * from {{ ref('stg_email__events') }}
),

by_natural_id as (
    select
        email,
        event_at::date as activity_on,
        event_type,
        count(*) as event_count
    from events
    group by email, event_at::date, event_type
),

-- An address names a person, so its days go by its md5; days are hashed, not events.
int_email_activity_daily as (
    select
        md5(email) as profile_id,
        activity_on,
        event_type,
        event_count
    from by_natural_id
)

select * from int_email_activity_daily
