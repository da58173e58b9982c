with
events as (
    select * from {{ source('email', 'events') }}
    where {{ in_new_load('email', 'events') }}
),

normalised as (
    select
        nullif(trim(event_id), '') as event_id,
        event_at,
        nullif(lower(trim(event_type)), '') as event_type,
        nullif(trim(message_id), '') as message_id,
        nullif(trim(campaign_id), '') as campaign_id,
        -- An address with a slip in it was sent to all the same.
        coalesce(
            {{ normalised_email('email') }}, nullif(lower(trim(email)), '')
        ) as email,
        nullif(trim(link_url), '') as link_url,
        nullif(lower(trim(device_category)), '') as device_category,
        {{ content_hash('email', 'events') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from events
),

judged as (
    select
        *,
        {{ first_broken_rule('email', 'events', [
            not_one_of(
                'unknown_event_type', 'event_type',
                ['sent', 'delivered', 'opened', 'clicked', 'bounced', 'unsubscribed'],
            ),
            later_than_its_load('event_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['event_id']) }}
),

stg_email__events_judged as (
    select
        *,
        {{ row_verdict(['event_id']) }} as row_verdict
    from versions
)

select * from stg_email__events_judged
