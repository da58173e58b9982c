with
profiles as (
    select * from {{ source('social', 'profiles') }}
    where {{ in_new_load('social', 'profiles') }}
),

normalised as (
    select
        nullif(trim(profile_id), '') as profile_id,
        nullif(lower(trim(platform)), '') as platform,
        {{ normalised_text('handle') }} as handle,
        {{ normalised_text('display_name') }} as display_name,
        {{ normalised_email('email') }} as email,
        {{ normalised_text('country_code') }} as country_code,
        {{ normalised_text('region') }} as region,
        first_seen_at,
        {{ given_columns(['email']) }} as given_columns,
        {{ content_hash('social', 'profiles') }} as content_hash,
        loaded_on,
        load_id,
        source_file,
        source_row
    from profiles
),

judged as (
    select
        *,
        {{ first_broken_rule('social', 'profiles', [
            later_than_its_load('first_seen_at'),
        ]) }} as broken_rule
    from normalised
),

versions as (
    select * from judged
    {{ known_versions('judged', ['platform', 'profile_id']) }}
),

stg_social__profiles_judged as (
    select
        *,
        {{ row_verdict(['platform', 'profile_id']) }} as row_verdict
    from versions
)

select * from stg_social__profiles_judged
