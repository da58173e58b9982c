{% set prior_signals = var('channel_prior_signals') -%}

with
persons as (
    select * from {{ ref('int_persons') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

channels as (
    select * from {{ ref('channels') }}
),

signals as (
    select * from {{ ref('ftr_person_signals_by_channel') }}
),

-- What everybody's signs say; without any, all channels are alike.
popular as (
    select
        channels.channel,
        channels.fallback_priority,
        coalesce(
            coalesce(sum(signals.signal_weight), 0)::double
            / nullif(sum(sum(signals.signal_weight)) over (), 0)::double,
            1.0::double / count(*) over ()
        ) as general_share
    from channels
    left join signals
        on channels.channel = signals.channel
    group by channels.channel, channels.fallback_priority
),

totals as (
    select
        person_key,
        sum(signal_weight)::double as signal_weight
    from signals
    group by person_key
),

-- Her own signs, and `channel_prior_signals` more as everybody's are.
shares as (
    select
        persons.person_key,
        popular.channel,
        popular.fallback_priority,
        signals.signal_weight is not null as is_own,
        coalesce(totals.signal_weight, 0) as signal_weight,
        (
            coalesce(signals.signal_weight, 0)::double
            + {{ prior_signals }} * popular.general_share
        )
        / (coalesce(totals.signal_weight, 0) + {{ prior_signals }}) as channel_share
    from persons
    cross join popular
    left join totals
        on persons.person_key = totals.person_key
    left join signals
        on
            persons.person_key = signals.person_key
            and popular.channel = signals.channel
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_key order by channel_share desc, fallback_priority asc
        ) as channel_rank
    from shares
),

-- After the preferred one come those she gave a sign on, then the others in the order
-- of the seed.
seg_channel_preferences as (
    select
        ranked.person_key,
        any_value(clock.as_of_date) as as_of_date,
        max(ranked.channel) filter (where ranked.channel_rank = 1) as preferred_channel,
        round(max(ranked.channel_share), 9) as confidence,
        max(ranked.signal_weight) as signal_weight,
        bool_or(ranked.is_own and ranked.channel_rank = 1) as is_own_choice,
        array_agg(
            ranked.channel
            order by
                ranked.is_own desc,
                case when ranked.is_own then ranked.channel_rank end asc nulls last,
                ranked.fallback_priority asc
        ) filter (where ranked.channel_rank > 1) as fallback_channels
    from ranked
    cross join clock
    group by ranked.person_key
)

select * from seg_channel_preferences
