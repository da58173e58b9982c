with
champion_segments as (
    select * from {{ ref('fit_champion_segments') }}
),

dim_segment_families as (
    select
        model_version,
        segment_key,
        segment_number,
        family_number,
        family_name,
        family_description as description
    from champion_segments
)

select * from dim_segment_families
