with
segment_merges as (
    select * from {{ ref('fit_segment_merges') }}
),

versions as (
    select * from {{ ref('fit_versions') }}
),

fct_segment_merges as (
    select
        versions.model_version,
        segment_merges.merge_number::integer as merge_number,
        segment_merges.first_node::integer as first_node,
        segment_merges.second_node::integer as second_node,
        segment_merges.merged_node::integer as merged_node,
        segment_merges.height,
        segment_merges.segment_count::integer as segment_count,
        segment_merges.person_share
    from segment_merges
    inner join versions
        on segment_merges.fitted_on = versions.fitted_on
)

select * from fct_segment_merges
