with
performance_daily as (
    select * from {{ source('ads', 'performance_daily') }}
    where {{ in_new_load('ads', 'performance_daily') }}
),

exchange_rates as (
    select * from {{ ref('exchange_rates') }}
),

normalised as (
    select
        performed_on,
        nullif(lower(trim(platform)), '') as platform,
        nullif(trim(campaign_id), '') as campaign_id,
        {{ normalised_text('campaign_name') }} as campaign_name,
        nullif(trim(ad_id), '') as ad_id,
        {{ normalised_text('ad_name') }} as ad_name,
        impression_count,
        click_count,
        conversion_count,
        conversion_amount,
        spend_amount,
        {{ currency_code('currency_code') }} as currency_code,
        {{ content_hash('ads', 'performance_daily') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from performance_daily
),

-- A row whose currency nobody knew is judged again once its rate has been added.
considered as (
    select * from normalised
    {{ reconsidered(
        ['rate_to_reporting', 'broken_rule', 'row_verdict'],
        '',
        rate_added('performed_on', 'exchange_rates'),
    ) }}
),

with_rates as (
    select
        considered.*,
        {{ rate_in_force('considered.currency_code', 'exchange_rates') }}
            as rate_to_reporting
    from considered
    {{ latest_join('considered', 'exchange_rates', 'currency_code', 'performed_on') }}
),

judged as (
    select
        *,
        {{ first_broken_rule('ads', 'performance_daily', [
            later_than_its_load('performed_on'),
            ('unknown_currency', 'currency_code', 'rate_to_reporting is null'),
            ('negative_amount', 'spend_amount', 'spend_amount < 0'),
            ('negative_amount', 'conversion_amount', 'conversion_amount < 0'),
            (
                'clicks_above_impressions', 'click_count',
                'click_count > impression_count',
            ),
        ]) }} as broken_rule
    from with_rates
),

versions as (
    select * from judged
    {{ known_versions(
        'judged', ['performed_on', 'platform', 'campaign_id', 'ad_id']
    ) }}
),

stg_ads__performance_daily_judged as (
    select
        *,
        {{ row_verdict(
            ['performed_on', 'platform', 'campaign_id', 'ad_id']
        ) }} as row_verdict
    from versions
)

select * from stg_ads__performance_daily_judged
