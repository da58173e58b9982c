{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="""
            {% if is_incremental() %}
            delete from {{ this }} as sessions
            using {{ ref('int_web_sequences_touched') }} as touched
            where
                touched.is_numbered = sessions.is_numbered
                and touched.sequence_id = case
                    when sessions.is_numbered then sessions.session_id
                    else sessions.visitor_id
                end
                and sessions.started_at <= touched.ends_at
                and sessions.ended_at >= touched.starts_at
            {% elif execute
                and 'model.tessera.int_web_session_events' not in selected_resources %}
            {{ exceptions.raise_compiler_error(
                'the events of all sessions are asked for: select +int_web_sessions'
            ) }}
            {% endif %}
        """,
    )
}}

-- depends_on: {{ ref('int_web_sequences_touched') }}

with
-- Tags that are missing beside others are blank, so that the first event with any tag
-- gives all three: those of two campaigns never mix.
session_events as (
    select
        *,
        case
            when coalesce(campaign_source, campaign_medium, campaign_name) is not null
                then coalesce(campaign_source, '')
        end as source_tag,
        case
            when coalesce(campaign_source, campaign_medium, campaign_name) is not null
                then coalesce(campaign_medium, '')
        end as medium_tag,
        case
            when coalesce(campaign_source, campaign_medium, campaign_name) is not null
                then coalesce(campaign_name, '')
        end as name_tag
    from {{ ref('int_web_session_events') }}
),

-- A view of a page may be reported by several events, and so may an order.
sessions as (
    select
        session_id,
        is_numbered,
        {{ first_known('visitor_id', 'event_number') }} as visitor_id,
        {{ last_known('user_id', 'event_number') }} as user_id,
        min(event_at) as started_at,
        max(event_at) as ended_at,
        count(*) as event_count,
        count(distinct case
            when event_name = 'page_view' then coalesce(page_view_id, event_id)
        end) as page_view_count,
        count(*) filter (where event_name = 'view_item') as product_view_count,
        count(*) filter (where event_name = 'add_to_cart') as cart_count,
        count(distinct case
            when event_name = 'purchase' then coalesce(order_id, event_id)
        end) as purchase_count,
        {{ first_known('page_url', 'event_number') }} as landing_page_url,
        nullif({{ first_known('source_tag', 'event_number') }}, '') as campaign_source,
        nullif({{ first_known('medium_tag', 'event_number') }}, '') as campaign_medium,
        nullif({{ first_known('name_tag', 'event_number') }}, '') as campaign_name,
        {{ first_known('device_category', 'event_number') }} as device_category,
        {{ first_known('country_code', 'event_number') }} as country_code
    from session_events
    group by session_id, is_numbered
),

int_web_sessions as (
    select
        *,
        started_at::date as started_on,
        {{ elapsed('second', 'started_at', 'ended_at') }} as duration_seconds
    from sessions
)

select * from int_web_sessions
