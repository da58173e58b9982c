{{ config(materialized='view') }}

with
web as (
    select * from {{ ref('int_web_moments_daily') }}
),

orders as (
    select
        'shop' as source_name,
        customer_id as profile_id,
        ordered_on as activity_on,
        {{ local_from_utc('ordered_at', var('local_time_zone')) }} as local_at,
        null::varchar as device_category
    from {{ ref('int_orders_treated') }}
    where customer_id is not null and event_type = 'purchase'
),

-- Opening is often done by the mail program itself; a click is done by a person.
clicks as (
    select
        'email' as source_name,
        email as profile_id,
        event_at::date as activity_on,
        {{ local_from_utc('event_at', var('local_time_zone')) }} as local_at,
        device_category
    from {{ ref('stg_email__events') }}
    where event_type = 'clicked'
),

counted as (
    select
        source_name,
        profile_id,
        activity_on,
        isodow(local_at)::tinyint as local_weekday,
        extract(hour from local_at)::tinyint as local_hour,
        device_category,
        count(*) as event_count
    from (
        select * from orders
        union all
        select * from clicks
    ) as moments
    group by
        source_name,
        profile_id,
        activity_on,
        isodow(local_at)::tinyint,
        extract(hour from local_at)::tinyint,
        device_category
),

int_moments_daily as (
    select
        'web' as source_name,
        profile_id,
        activity_on,
        local_weekday,
        local_hour,
        device_category,
        event_count
    from web
    union all
    select
        source_name,
        -- An address names a person, so it leaves as its md5, as in its activity.
        case when source_name = 'email' then md5(profile_id) else profile_id end
            as profile_id,
        activity_on,
        local_weekday,
        local_hour,
        device_category,
        event_count
    from counted
)

select * from int_moments_daily
