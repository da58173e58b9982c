with
campaigns as (
    select * from {{ source('campaigns', 'campaigns') }}
),

normalised as (
    select
        nullif(trim(campaign_id), '') as campaign_id,
        nullif(trim(campaign_type), '') as campaign_type,
        starts_on,
        ends_on,
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

stg_campaigns__campaigns_judged as (
    select
        *,
        {{ row_verdict(['campaign_id']) }} as row_verdict
    from judged
)

select * from stg_campaigns__campaigns_judged
