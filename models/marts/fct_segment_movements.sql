with
movements as (
    select * from {{ ref('seg_movements') }}
),

fct_segment_movements as (
    select
        person_key,
        segmentation,
        from_segment_key,
        to_segment_key,
        moved_on,
        previous_on,
        cause,
        behaviour_share,
        model_share,
        threshold_share,
        identity_share
    from movements
)

select * from fct_segment_movements
