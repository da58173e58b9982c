with
orders as (
    select * from {{ ref('stg_shop__orders') }}
),

redemptions as (
    select * from {{ ref('stg_campaigns__redemptions') }}
),

days_seen as (
    select max(ordered_at)::date as last_seen_on
    from orders
    union all
    select max(redeemed_on) as last_seen_on
    from redemptions
),

int_clock as (
    select
        -- An empty lake has no last day; the epoch stands for before everything.
        coalesce(
            {{ "date '" ~ var('as_of_date') ~ "'" if var('as_of_date') else 'null' }},
            max(last_seen_on),
            date '1970-01-01'
        )::date as as_of_date,
        max(last_seen_on) as last_seen_on
    from days_seen
)

select * from int_clock
