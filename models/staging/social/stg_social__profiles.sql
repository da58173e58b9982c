with
profiles as (
    select * from {{ ref('stg_social__profiles_judged') }}
    where row_verdict = 'kept'
),

stg_social__profiles as (
    select
        profile_id,
        platform,
        handle,
        display_name,
        email,
        country_code,
        region,
        first_seen_at
    from profiles
)

select * from stg_social__profiles
