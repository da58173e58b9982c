with
activity as (
    select * from {{ ref('int_person_activity_daily') }}
    where date_diff('day', activity_on, as_of_date) < {{ var('channel_window_days') }}
),

signals as (
    select * from {{ ref('channel_signals') }}
),

-- A day on a channel counts once, however many pages were looked at.
signal_days as (
    select
        activity.person_key,
        activity.as_of_date,
        signals.channel,
        activity.activity_on,
        max(signals.weight) as signal_weight
    from activity
    inner join signals
        on
            activity.channel = signals.activity_channel
            and activity.event_type = signals.event_type
    group by
        activity.person_key,
        activity.as_of_date,
        signals.channel,
        activity.activity_on
),

ftr_person_signals_by_channel as (
    select
        person_key,
        as_of_date,
        channel,
        count(*) as signal_day_count,
        sum(signal_weight)::decimal(18, 2) as signal_weight,
        max(activity_on) as last_signal_on
    from signal_days
    group by person_key, as_of_date, channel
)

select * from ftr_person_signals_by_channel
