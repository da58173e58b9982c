with
preferences as (
    select * from {{ ref('seg_channel_preferences') }}
),

fct_channel_preferences as (
    select
        person_key,
        preferred_channel,
        confidence,
        signal_weight,
        is_own_choice,
        fallback_channels,
        as_of_date
    from preferences
)

select * from fct_channel_preferences
