with
engagements as (
    select * from {{ source('social', 'engagements') }}
    where {{ in_new_load('social', 'engagements') }}
),

normalised as (
    select
        nullif(trim(engagement_id), '') as engagement_id,
        engaged_at,
        nullif(lower(trim(platform)), '') as platform,
        nullif(trim(profile_id), '') as profile_id,
        nullif(lower(trim(engagement_type)), '') as engagement_type,
        nullif(trim(post_id), '') as post_id,
        nullif(lower(trim(topic)), '') as topic,
        {{ content_hash('social', 'engagements') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from engagements
),

judged as (
    select
        *,
        {{ first_broken_rule('social', 'engagements', [
            not_one_of(
                'unknown_event_type', 'engagement_type',
                ['like', 'comment', 'share', 'follow'],
            ),
            later_than_its_load('engaged_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['engagement_id']) }}
),

stg_social__engagements_judged as (
    select
        *,
        {{ row_verdict(['engagement_id']) }} as row_verdict
    from versions
)

select * from stg_social__engagements_judged
