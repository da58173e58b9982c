{{ config(materialized='view') }}

with
visitor_orders as (
    select * from {{ ref('int_visitor_orders') }}
),

orders as (
    select * from {{ ref('stg_shop__orders') }}
),

-- An order that two browsers name was looked up on one of them, maybe by somebody else.
named_once as (
    select
        order_id,
        min(visitor_id) as visitor_id,
        min(ordered_on) as ordered_on
    from visitor_orders
    group by order_id
    having count(distinct visitor_id) = 1
),

-- Where the customer is known, her number says more than the address she gave.
int_visitor_purchases as (
    select
        named_once.order_id,
        named_once.visitor_id,
        named_once.ordered_on,
        orders.customer_id,
        case when orders.customer_id is null then orders.customer_email end
            as guest_email
    from named_once
    inner join orders
        on named_once.order_id = orders.order_id
)

select * from int_visitor_purchases
