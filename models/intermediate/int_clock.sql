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
        {% if var('as_of_date') -%}
        date '{{ var("as_of_date") }}' as as_of_date,
        {% else -%}
        -- An empty lake has no last day; the epoch stands for before everything.
        coalesce(max(last_seen_on), date '1970-01-01') as as_of_date,
        {% endif -%}
        max(last_seen_on) as last_seen_on
    from days_seen
)

select * from int_clock
