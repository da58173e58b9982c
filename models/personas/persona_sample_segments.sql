{{ config(materialized='view') }}

with
memberships as (
    select * from {{ ref('seg_memberships') }}
),

sample_rows as (
    select * from {{ ref('fit_sample') }}
),

persona_sample_segments as (
    select
        memberships.person_key,
        memberships.segmentation,
        memberships.segment_key
    from memberships
    inner join sample_rows
        on memberships.person_key = sample_rows.person_key
)

select * from persona_sample_segments
