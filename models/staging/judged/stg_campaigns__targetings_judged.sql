with
targetings as (
    select * from {{ source('campaigns', 'targetings') }}
    where {{ in_new_load('campaigns', 'targetings') }}
),

normalised as (
    select
        nullif(trim(campaign_id), '') as campaign_id,
        nullif(trim(customer_id), '') as customer_id,
        {{ content_hash('campaigns', 'targetings') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from targetings
),

judged as (
    select
        *,
        {{ first_broken_rule('campaigns', 'targetings') }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['campaign_id', 'customer_id']) }}
),

stg_campaigns__targetings_judged as (
    select
        *,
        {{ row_verdict(['campaign_id', 'customer_id']) }} as row_verdict
    from versions
)

select * from stg_campaigns__targetings_judged
