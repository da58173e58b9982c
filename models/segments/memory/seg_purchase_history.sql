{{ config(unique_key=['person_key', 'valid_from']) }}

with
rfm as (
    select * from {{ ref('ftr_person_rfm') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

before as (
    {{ stretches_before('seg_purchase_history', {
        'person_key': 'bigint', 'last_purchase_on': 'date', 'order_count': 'bigint',
        'monetary_amount': 'decimal(18, 4)',
    }) | indent(4) }}
),

-- Who bought, or gave back, since the night before; nobody else is written.
changed as (
    select
        before.person_key as known_person_key,
        before.last_purchase_on as known_last_purchase_on,
        before.order_count as known_order_count,
        before.monetary_amount as known_monetary_amount,
        before.valid_from as known_from,
        rfm.*
    from rfm
    full outer join before
        on rfm.person_key = before.person_key
    where
        rfm.last_purchase_on is distinct from before.last_purchase_on
        or rfm.order_count is distinct from before.order_count
        or rfm.monetary_amount is distinct from before.monetary_amount
),

seg_purchase_history as (
    select
        changed.known_person_key as person_key,
        changed.known_last_purchase_on as last_purchase_on,
        changed.known_order_count as order_count,
        changed.known_monetary_amount as monetary_amount,
        changed.known_from as valid_from,
        clock.as_of_date as valid_to
    from changed
    cross join clock
    where changed.known_person_key is not null
    union all
    select
        changed.person_key,
        changed.last_purchase_on,
        changed.order_count,
        changed.monetary_amount,
        clock.as_of_date as valid_from,
        null::date as valid_to
    from changed
    cross join clock
    where changed.person_key is not null
)

select * from seg_purchase_history
