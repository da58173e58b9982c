{% set prior_signals = var('channel_prior_signals') -%}
{% set own_channels = 'coalesce(own.channels, [])' -%}
with
persons as (
    select * from {{ ref('int_persons') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

signals as (
    select * from {{ ref('ftr_person_signals_by_channel') }}
),

popular as (
    select * from {{ ref('seg_channel_popularity') }}
),

-- Her own signs, and `channel_prior_signals` more as everybody's are.
own as (
    select
        signals.person_key,
        sum(signals.signal_weight)::double as signal_weight,
        array_agg(
            signals.channel
            order by
                signals.signal_weight + popular.prior_weight desc,
                popular.fallback_priority asc
        ) as channels,
        max(signals.signal_weight + popular.prior_weight) as channel_weight
    from signals
    inner join popular
        on signals.channel = popular.channel
    group by signals.person_key
),

general as (
    select
        array_agg(channel order by fallback_priority asc) as by_priority,
        array_agg(channel order by prior_weight desc, fallback_priority asc)
            as by_weight
    from popular
),

-- Her own channels by weight, then the others, on which she has everybody's alone.
ordered as (
    select
        persons.person_key,
        own.channel_weight as own_weight,
        own.channels[1] as own_channel,
        coalesce(own.signal_weight, 0) as signal_weight,
        {{ own_channels }}
        || {{ list_without('general.by_priority', own_channels) }} as all_channels,
        {{ list_without('general.by_weight', own_channels) }}[1] as other_channel
    from persons
    cross join general
    left join own
        on persons.person_key = own.person_key
),

preferred as (
    select
        ordered.*,
        greatest(ordered.own_weight, others.prior_weight) as channel_weight,
        case
            when others.prior_weight > coalesce(ordered.own_weight, 0)
                then ordered.other_channel
            when
                others.prior_weight = ordered.own_weight
                and others.fallback_priority < owned.fallback_priority
                then ordered.other_channel
            else ordered.own_channel
        end as preferred_channel
    from ordered
    left join popular as owned
        on ordered.own_channel = owned.channel
    left join popular as others
        on ordered.other_channel = others.channel
),

seg_channel_preferences as (
    select
        preferred.person_key,
        clock.as_of_date,
        preferred.preferred_channel,
        round(
            preferred.channel_weight / (preferred.signal_weight + {{ prior_signals }}),
            9
        ) as confidence,
        preferred.signal_weight,
        coalesce(preferred.preferred_channel = preferred.own_channel, false)
            as is_own_choice,
        {{ list_without('preferred.all_channels', '[preferred.preferred_channel]') }}
            as fallback_channels
    from preferred
    cross join clock
)

select * from seg_channel_preferences
