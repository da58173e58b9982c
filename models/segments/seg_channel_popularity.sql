with
channels as (
    select * from {{ ref('channels') }}
),

signals as (
    select * from {{ ref('ftr_person_signals_by_channel') }}
),

-- Without any sign all channels are alike.
shares as (
    select
        channels.channel,
        channels.fallback_priority,
        coalesce(
            coalesce(sum(signals.signal_weight), 0)::double
            / nullif(sum(sum(signals.signal_weight)) over (), 0)::double,
            1.0::double / count(*) over ()
        ) as signal_share
    from channels
    left join signals
        on channels.channel = signals.channel
    group by channels.channel, channels.fallback_priority
),

seg_channel_popularity as (
    select
        *,
        {{ var('channel_prior_signals') }} * signal_share as prior_weight
    from shares
)

select * from seg_channel_popularity
