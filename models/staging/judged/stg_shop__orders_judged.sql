with
orders as (
    select * from {{ source('shop', 'orders') }}
    where {{ in_new_load('shop', 'orders') }}
),

line_totals as {{ inlined() }} (
    select * from {{ ref('stg_shop__order_line_totals') }}
),

births as {{ inlined() }} (
    select * from {{ ref('stg_crm__customer_births') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

normalised as (
    select
        nullif(trim(order_id), '') as order_id,
        nullif(trim(customer_id), '') as customer_id,
        ordered_at,
        nullif(lower(trim(order_status)), '') as order_status,
        nullif(lower(trim(channel)), '') as channel,
        nullif(trim(store_id), '') as store_id,
        nullif(trim(country_code), '') as country_spelling,
        {{ currency_code('currency_code') }} as currency_code,
        order_amount,
        delivered_at,
        {{ normalised_email('customer_email') }} as customer_email,
        nullif(trim(loyalty_card_id), '') as loyalty_card_id,
        {{ given_columns(['customer_email']) }} as given_columns,
        {{ content_hash('shop', 'orders') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from orders
),

-- Orders whose lines or whose customer's birth date have changed are judged again.
considered as (
    select * from normalised
    {{ reconsidered(
        ['rate_to_reporting', 'held_against', 'broken_rule', 'row_verdict', 'judged_at'],
        'left join line_totals using (order_id) left join births using (customer_id)',
        rate_added('ordered_at', 'exchange_rates')
        ~ ' or known.held_against is distinct from ' ~ order_yardstick(),
    ) }}
),

compared as (
    select
        considered.*,
        line_totals.line_amounts,
        births.birth_date,
        {{ order_yardstick() }} as held_against,
        {{ rate_in_force('considered.currency_code', 'exchange_rates') }}
            as rate_to_reporting
    from considered
    {{ latest_join('considered', 'exchange_rates', 'currency_code', 'ordered_at') }}
    left join line_totals
        on considered.order_id = line_totals.order_id
    left join births
        on considered.customer_id = births.customer_id
),

judged as (
    select
        * exclude (line_amounts, birth_date),
        {{ first_broken_rule('shop', 'orders', [
            not_one_of(
                'unknown_status', 'order_status', ['completed', 'cancelled', 'returned']
            ),
            not_one_of('unknown_channel', 'channel', ['web', 'store']),
            ('unknown_currency', 'currency_code', 'rate_to_reporting is null'),
            later_than_its_load('ordered_at'),
            ('order_before_birth', 'ordered_at', 'ordered_at < birth_date'),
            ('delivered_before_ordered', 'delivered_at', 'delivered_at < ordered_at'),
            ('order_total_mismatch', 'order_amount', least_difference('order_amount',
                'line_amounts', 3) ~ ' > ' ~ var('order_total_tolerance_amount')),
        ]) }} as broken_rule
    from compared
),

versions as (
    select * from judged
    {{ known_versions('judged', ['order_id'], ['row_verdict', 'judged_at']) }}
),

stg_shop__orders_judged as (
    select
        *,
        {{ row_verdict(['order_id']) }} as row_verdict,
        {{ run_started() }} as judged_at
    from versions
)

select * from stg_shop__orders_judged
