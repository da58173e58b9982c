with
families as (
    select * from {{ ref('fit_segment_families') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

dim_segment_families as (
    select
        versions.model_version,
        families.segment_number::integer as segment_number,
        families.family_number::integer as family_number,
        families.family_name,
        families.description
    from families
    cross join versions
)

select * from dim_segment_families
