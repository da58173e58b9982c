{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        full_refresh=false,
        pre_hook="{{ forget_nights_from_tonight('as_of_date') }}",
    )
}}

with
person_profiles as (
    select * from {{ ref('int_person_profiles') }}
),

person_sources as (
    select * from {{ ref('int_person_sources') }}
),

links as {{ inlined() }} (
    select * from {{ ref('int_identity_links') }}
),

clock as (
    select * from {{ ref('int_clock') }}
),

link_ends as (
    select
        left_profile_key as profile_key,
        linked_on
    from links
    union all
    select
        right_profile_key as profile_key,
        linked_on
    from links
),

first_links as (
    select
        profile_key,
        min(linked_on) as linked_on
    from link_ends
    group by profile_key
),

profiles as (
    select
        person_profiles.source_name,
        person_profiles.person_key,
        person_sources.source_count > 1 as is_linked,
        person_sources.is_in_crm,
        -- A link made of older facts than the profile's own was there from the start.
        case
            when person_sources.source_count > 1
                then greatest(
                    0,
                    date_diff(
                        'day', person_profiles.first_seen_on, first_links.linked_on
                    )
                )
        end as days_to_resolve
    from person_profiles
    inner join person_sources
        on person_profiles.person_key = person_sources.person_key
    left join first_links
        on person_profiles.profile_key = first_links.profile_key
),

fct_identity_match_rates as (
    select
        clock.as_of_date,
        coalesce(profiles.source_name, 'all') as source_name,
        count(*)::bigint as profile_count,
        count(distinct profiles.person_key)::bigint as person_count,
        (count(*) filter (where profiles.is_linked))::bigint as linked_profile_count,
        (count(*) filter (where profiles.is_linked))::double / count(*)
            as linked_share,
        (count(*) filter (where profiles.is_in_crm))::double / count(*)
            as crm_share,
        median(profiles.days_to_resolve)::double as median_days_to_resolve
    from profiles
    cross join clock
    group by grouping sets (
        (clock.as_of_date, profiles.source_name), (clock.as_of_date)
    )
)

select * from fct_identity_match_rates
