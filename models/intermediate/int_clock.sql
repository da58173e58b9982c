{% set night = var('as_of_date') or env_var('TESSERA_AS_OF_DATE', '') -%}

with
lake_loads as (
    select * from {{ ref('stg_ingest__lake_loads') }}
),

orders as (
    select ordered_at::date as seen_on
    from {{ ref('stg_shop__orders') }}
),

redemptions as (
    select redeemed_on as seen_on
    from {{ ref('stg_campaigns__redemptions') }}
),

responses as (
    select answered_at::date as seen_on
    from {{ ref('stg_survey__responses') }}
),

web as (
    select activity_on as seen_on
    from {{ ref('int_web_activity_daily') }}
),

email as (
    select activity_on as seen_on
    from {{ ref('int_email_activity_daily') }}
),

social as (
    select activity_on as seen_on
    from {{ ref('int_social_activity_daily') }}
),

ads as (
    select activity_on as seen_on
    from {{ ref('int_ads_activity_daily') }}
),

last_load as (
    select max(loaded_on) as loaded_on
    from lake_loads
),

-- What is dated later than the last load cannot have been seen: a slip, or a clock of
-- another time zone.
days_seen as (
    {% for source in ['orders', 'redemptions', 'responses', 'web', 'email', 'social',
        'ads'] %}
        select max({{ source }}.seen_on) as last_seen_on
        from {{ source }}
        cross join last_load
        where {{ source }}.seen_on <= last_load.loaded_on
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

int_clock as (
    select
        -- An empty lake has no last day; the epoch stands for before everything.
        coalesce(
            {{ "date '" ~ night ~ "'" if night else 'null' }},
            max(last_seen_on),
            date '1970-01-01'
        )::date as as_of_date,
        max(last_seen_on) as last_seen_on
    from days_seen
)

select * from int_clock
