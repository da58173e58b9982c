{{ config(materialized='view') }}

with
clock as (
    select * from {{ ref('int_clock') }}
),

champions as (
    select champions.fitted_on
    from {{ ref('fit_champions') }} as champions
    inner join clock
        on champions.as_of_date = clock.as_of_date
),

versions as (
    select * from {{ ref('fit_versions') }}
),

segments as (
    select * from {{ ref('fit_centroids') }}
),

keys as (
    select * from {{ ref('fit_segment_keys') }}
),

traits as (
    select * from {{ ref('fit_segment_traits') }}
),

families as (
    select * from {{ ref('fit_segment_families') }}
),

fit_champion_segments as (
    select
        segments.segment_number,
        keys.segment_key,
        keys.former_segment_key,
        versions.model_version,
        versions.fitted_on,
        traits.segment_name,
        traits.description,
        traits.stability,
        families.family_number::integer as family_number,
        families.family_name,
        families.description as family_description
    from champions
    inner join versions
        on champions.fitted_on = versions.fitted_on
    inner join segments
        on champions.fitted_on = segments.fitted_on
    inner join keys
        on
            segments.fitted_on = keys.fitted_on
            and segments.segment_number = keys.segment_number
    inner join traits
        on
            segments.fitted_on = traits.fitted_on
            and segments.segment_number = traits.segment_number
    inner join families
        on
            segments.fitted_on = families.fitted_on
            and segments.segment_number = families.segment_number
)

select * from fit_champion_segments
