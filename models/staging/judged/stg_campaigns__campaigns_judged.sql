with
campaigns as (
    select * from {{ source('campaigns', 'campaigns') }}
    where {{ in_new_load('campaigns', 'campaigns') }}
),

normalised as (
    select
        nullif(trim(campaign_id), '') as campaign_id,
        {{ normalised_text('campaign_type') }} as campaign_type,
        starts_on,
        ends_on,
        {{ content_hash('campaigns', 'campaigns') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from campaigns
),

judged as (
    select
        *,
        {{ first_broken_rule('campaigns', 'campaigns', [
            ('ends_before_it_starts', 'ends_on', 'ends_on < starts_on'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['campaign_id']) }}
),

stg_campaigns__campaigns_judged as (
    select
        *,
        {{ row_verdict(['campaign_id']) }} as row_verdict
    from versions
)

select * from stg_campaigns__campaigns_judged
