{{ config(materialized='view') }}

with
champions as (
    select * from {{ ref('fit_champions') }}
    where is_promoted
),

champion_segments as (
    select * from {{ ref('fit_champion_segments') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

keys as (
    select * from {{ ref('fit_segment_keys') }}
),

traits as (
    select * from {{ ref('fit_segment_traits') }}
),

-- A segment is spoken of as its last model did.
fit_retired_segments as (
    select
        keys.segment_key,
        versions.model_version,
        versions.fitted_on,
        traits.segment_name,
        traits.description,
        traits.stability
    from champions
    inner join versions
        on champions.fitted_on = versions.fitted_on
    inner join keys
        on champions.fitted_on = keys.fitted_on
    inner join traits
        on
            keys.fitted_on = traits.fitted_on
            and keys.segment_number = traits.segment_number
    anti join champion_segments
        on keys.segment_key = champion_segments.segment_key
    qualify row_number() over (
        partition by keys.segment_key order by keys.fitted_on desc
    ) = 1
)

select * from fit_retired_segments
