{{ config(materialized='view') }}

{% set web_counts = {
    'page_view': 'page_view_count',
    'view_item': 'product_view_count',
    'add_to_cart': 'cart_count',
    'purchase': 'purchase_count',
} -%}

with
shop as (
    select * from {{ ref('int_shop_activity_daily') }}
),

web as (
    select * from {{ ref('int_web_activity_daily') }}
),

email as (
    select * from {{ ref('int_email_activity_daily') }}
),

social as (
    select * from {{ ref('int_social_activity_daily') }}
),

ads as (
    select * from {{ ref('int_ads_activity_daily') }}
),

contacts_by_channel as (
    {% for event_type, count_column in web_counts.items() %}
        select
            'web' as source_name,
            profile_id,
            activity_on,
            'web_{{ event_type }}' as event_type,
            {{ count_column }} as event_count
        from web
        where {{ count_column }} > 0
        union all
    {% endfor %}
    {% for source_name in ['email', 'social', 'ads'] %}
        select
            '{{ source_name }}' as source_name,
            profile_id,
            activity_on,
            '{{ source_name }}_' || event_type as event_type,
            event_count
        from {{ source_name }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- What happens outside the shop has no amounts. The tracker's purchases are not the
-- shop's: `web_purchase` says that somebody saw the page of thanks.
int_activity_daily as (
    select
        source_name,
        profile_id,
        activity_on,
        channel,
        event_type,
        event_count,
        line_count,
        sale_amount,
        discount_amount,
        refund_amount
    from shop
    union all
    select
        source_name,
        profile_id,
        activity_on,
        source_name as channel,
        event_type,
        event_count,
        0 as line_count,
        0 as sale_amount,
        0 as discount_amount,
        0 as refund_amount
    from contacts_by_channel
)

select * from int_activity_daily
